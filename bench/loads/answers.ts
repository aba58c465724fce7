/** Octets of a connection -> answers, one after the other; the client asks again only after each. */

/**
 * @param answered told of each whole answer whether it is a 200, in one piece and nothing behind it
 * @returns what takes the octets
 */
export function answers(answered: (good: boolean) => void): (octets: Buffer) => void {
  let head = "";
  let isGood = false;
  let missing = 0;
  return (octets) => {
    if (missing > 0) missing -= octets.length;
    else {
      head += octets.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
      isGood = head.startsWith("HTTP/1.1 200 ") && length !== undefined;
      missing = end + 4 + Number(length ?? 0) - head.length;
      head = "";
    }
    if (missing <= 0) {
      const isWhole = missing === 0;
      missing = 0;
      answered(isGood && isWhole);
    }
  };
}
