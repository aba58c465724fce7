import { connectRaw } from "./raw-client.ts";
import type { Answer } from "./split-answers.ts";
import type { Identity } from "./test-authority.ts";

export type Outcome = {
  /** The code of the refusal, or the status where there is none. */
  readonly verdict: number | string;
  readonly answer: Answer;
};

/** What becomes of one GET at a host of the gateway, on a connection of its own. */
export async function outcomeAt(port: number, host: string, identity: Identity): Promise<Outcome> {
  const client = await connectRaw({ port, identity, serverName: host });
  try {
    client.send(`GET /flask/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const [answer] = await client.awaitAnswers(1);
    if (answer === undefined) throw new Error("no answer");
    return { verdict: /"code": "(.*)"/.exec(answer.text)?.[1] ?? answer.status, answer };
  } finally {
    client.close();
  }
}
