/** The Date of answers that have none (RFC 9110 section 6.6.1), made once a second. */

let second = 0;
let text = "";

export function httpDate(now = Date.now()): string {
  const current = Math.floor(now / 1000);
  if (current !== second) {
    second = current;
    text = new Date(now).toUTCString();
  }
  return text;
}
