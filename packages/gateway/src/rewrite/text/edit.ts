/** A change of a text: what stands between two indices gives way to other characters. */

export type Edit = { readonly from: number; readonly to: number; readonly text: string };

/** @param edits in the order of the text, none within another */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const edit of edits) {
    result += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return at === 0 ? result + text : result + text.slice(at);
}
