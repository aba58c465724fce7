import { connectRaw, type RawOptions } from "./raw-client.ts";
import type { Answer } from "./split-answers.ts";

type Asked = { readonly path?: string; readonly host?: string; readonly lines?: readonly string[] };

/** One GET on a connection of its own. */
export async function ask(
  options: RawOptions,
  { path = "/flask/", host = "localhost", lines = [] }: Asked = {},
): Promise<Answer> {
  const client = await connectRaw(options);
  try {
    const head = [`GET ${path} HTTP/1.1`, `Host: ${host}`, ...lines, "Connection: close"];
    client.send(`${head.join("\r\n")}\r\n\r\n`);
    const [answer] = await client.awaitAnswers(1);
    if (answer === undefined) throw new Error("no answer");
    return answer;
  } finally {
    client.close();
  }
}
