/**
 * A name as it may be shown: controls, line separators and the characters that turn the direction of the text around
 * them become `\uXXXX`, so that a name chosen to look like another one, or like two lines, shows what it is.
 */
export function visibleName(name: string): string {
  return name.replace(
    /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}
