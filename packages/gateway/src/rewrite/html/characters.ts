/** ASCII as the tokenizer of HTML (sections 13.2.5.1 and following) looks at it. */
export const TAB = 0x09;
export const BANG = 0x21;
export const DOUBLE = 0x22;
export const SINGLE = 0x27;
export const DASH = 0x2d;
export const SLASH = 0x2f;
export const LESS = 0x3c;
export const EQUALS = 0x3d;
export const GREATER = 0x3e;
export const QUESTION = 0x3f;

/** Tab, LF, FF, CR, space. */
export function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === TAB || unit === 0x0d || unit === 0x0c;
}

export function isLetter(unit: number): boolean {
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** What ends the name of a tag. */
export function endsName(unit: number): boolean {
  return unit === GREATER || unit === SLASH || isSpace(unit);
}

/** Letters of ASCII in lower case, everything else as it is. */
export function asLower(unit: number): number {
  return unit >= 0x41 && unit <= 0x5a ? unit | 0x20 : unit;
}
