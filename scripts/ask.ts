/** Asks once, over mutual TLS, whether everything stands: certificates, gateway, and the app behind it. */
import { request } from "node:https";

type Credentials = { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };

export async function ask(url: string, expected: string, credentials: Credentials): Promise<void> {
  const answer = await new Promise<string>((resolve, reject) => {
    const asked = request(url, { ...credentials, agent: false, timeout: 5_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => {
        resolve(text);
      });
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer within 5 s")));
    asked.on("error", reject).end();
  });
  if (answer !== expected) throw new Error(`${url} answered ${JSON.stringify(answer)} to Grace Hopper.`);
}
