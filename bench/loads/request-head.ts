/** What is asked: as a browser asks, and one line that no backend may ever see. */
import { serverName } from "../certificates.ts";

const usual = [
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "Accept-Language: en-GB,en;q=0.5",
  "Accept-Encoding: gzip, deflate, br",
  "Cookie: session=5f1c0a7be2d94c63; theme=dark",
];

/**
 * @param line method and path, without the version
 * @param count header lines beside Host, the forged one and `more`
 */
export function requestHead(line: string, count: number, more: readonly string[] = []): Buffer {
  const filling = Array.from(
    { length: Math.max(count - usual.length, 0) },
    (_, at) => `X-Line-${at}: of ${count}`,
  );
  const forged = "SSL_CLIENT_S_DN: CN=Mallory,ST=Virginia,C=US";
  const lines = [
    `${line} HTTP/1.1`,
    `Host: ${serverName}`,
    ...usual.slice(0, count),
    ...filling,
    forged,
    ...more,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
}
