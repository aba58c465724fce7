import assert from "node:assert/strict";
import { test } from "node:test";
import { arrivals } from "../support/arrivals.ts";
import { nextReload } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { startSites } from "../support/sites.ts";
import { webSocketHandshake } from "../support/web-socket-octets.ts";

const head = (host: string, target = "/app/") =>
  `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nAccept: text/plain\r\n`;
const get = (host: string, target?: string) => `${head(host, target)}\r\n`;

/** Every way to ask for the site of this name. */
function spellings(host: string, port: number): readonly string[] {
  const upper = host.toUpperCase();
  return [
    ...[host, upper, `${host}.`, `${host}:${port}`, `${host}:443`, `${upper}.:${port}`].map((name) =>
      get(name),
    ),
    get(host, `https://${host}/app/`),
    get(upper, `http://${host}/app/`),
    webSocketHandshake("/app/", "", host),
    webSocketHandshake("/app/", "", `${upper}.`),
    `${head(host).replace("GET", "POST")}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n`,
    `${head(host).replace("GET", "POST")}Content-Length: 5\r\n\r\nhello`,
    `${head(host).replace("GET", "HEAD")}\r\n`,
    get(host).replace("Host:", "hOsT:\t"),
    `${head(host)}X-Forwarded-Host: localhost\r\nForwarded: host=localhost\r\n\r\n`,
  ];
}

/** What is no request for any site. */
const invalid = (own: string, other: string) => [
  `${head(own)}Host: ${other}\r\n\r\n`,
  `${head(other)}Host: ${own}\r\n\r\n`,
  `${head(own)}Host: ${own}\r\n\r\n`,
  "GET /app/ HTTP/1.1\r\n\r\n",
  ...["", `${own},${other}`, `${own} ${other}`, `${other}@${own}`, `${own}/${other}`, `${own}%00`, `${own}:x`, `*`].map((host) => get(host)),
  get(own, `https://${other}/app/`),
  get(other, `https://${own}/app/`),
]; // prettier-ignore

test("a request for another site is misdirected", { timeout: 60_000 }, async (t) => {
  const { gateway, config, backend, people } = await startSites(t);
  const { port } = gateway;
  const ask = async (serverName: string, who: keyof typeof people, octets: string) => {
    backend.forget();
    const client = await connectRaw({ port, serverName, identity: people[who] });
    client.send(octets);
    const [answer] = await client.awaitAnswers(1, octets.startsWith("HEAD") ? "HEAD" : "GET");
    client.close();
    return answer;
  };
  /** Connections, and sites that they were not made for; at most of these this person would be let in. */
  const pairs = [
    ["localhost", "grace", "admin.example"],
    ["localhost", "nobody", "open.example"],
    ["", "nobody", "open.example"],
    ["", "cecilia", "admin.example"],
    ["unknown.example", "cecilia", "admin.example"],
    ["shared.example", "cecilia", "a.admin.example"],
    ["admin.example", "cecilia", "localhost"],
    ["admin.example", "cecilia", "unknown.example"],
    ["admin.example", "grace", "shared.example"],
    ["admin.example", "visitor", "open.example"],
    ["open.example", "nobody", "admin.example"],
    ["open.example", "cecilia", "admin.example"],
    ["open.example", "grace", "127.0.0.1"],
  ] as const;
  for (const [serverName, who, host] of pairs)
    await t.test(`${who}, connected to ${serverName || "no name"}, asks for ${host}`, async () => {
      for (const octets of spellings(host, port)) {
        const answer = await ask(serverName, who, octets);
        assert.equal(answer?.status, 421, octets);
        if (octets.startsWith("GET")) assert.match(answer.text, /misdirected-request/);
        assert.equal(backend.bytes().length, 0, octets);
      }
      for (const octets of invalid(serverName || "localhost", host)) {
        const answer = await ask(serverName, who, octets);
        assert.equal(answer?.status, 400, octets);
        assert.equal(backend.bytes().length, 0, octets);
      }
    });

  await t.test("her own site is hers in every spelling", async () => {
    for (const octets of spellings("admin.example", port).filter((each) => !each.includes("Expect"))) {
      const answer = await ask("admin.example", "cecilia", octets);
      assert.ok([200, 101].includes(answer?.status ?? 0), octets);
      assert.match(arrivals(backend).join(), /^\/admin\/ SUCCESS CN=Cecilia Payne,[^,]*,[^,]*$/);
    }
  });

  await t.test("between requests that are not, on one connection that goes on", async () => {
    backend.forget();
    const client = await connectRaw({ port, serverName: "a.admin.example", identity: people.cecilia });
    const hosts = ["admin.example", "localhost", "a.admin.example", "open.example", "b.admin.example"];
    for (const [at, host] of hosts.entries()) {
      client.send(get(host));
      await client.awaitAnswers(at + 1);
    }
    client.send(hosts.map((host) => get(host)).join(""));
    const statuses = (await client.awaitAnswers(10)).map(({ status }) => status);
    client.close();
    const expected = [200, 421, 200, 421, 200];
    assert.deepEqual(statuses, [...expected, ...expected]);
    assert.equal(arrivals(backend).length, 6);
  });

  await t.test("sites with the same clients may be asked for on one connection, each has its own routes", async () => {
    for (const serverName of ["localhost", "", "shared.example", "unknown.example"]) {
      backend.forget();
      const client = await connectRaw({ port, serverName, identity: people.grace });
      for (const host of ["localhost", "shared.example", "SHARED.example.:1", "unknown.example", "[::1]"])
        client.send(get(host));
      const answers = await client.awaitAnswers(5);
      client.close();
      assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200, 200]);
      const sites = arrivals(backend).map((line) => line.split(" ")[0]);
      assert.deepEqual(sites, ["/default/", "/default/", "/default/", "/shared/", "/shared/"]);
    }
  }); // prettier-ignore

  await t.test("until a reload gives one of them its own: then that one is another site, on open connections too", async () => {
    const [admin, open, shared] = config["hosts"] as readonly Readonly<Record<string, object>>[];
    const client = await connectRaw({ port, serverName: "localhost", identity: people.grace });
    client.send(get("shared.example"));
    await client.awaitAnswers(1);
    const hosts = [admin, open, { ...shared, clients: config["clients"] }];
    const { ok, problems } = await nextReload(gateway, () => gateway.reconfigure({ ...config, hosts }));
    assert.ok(ok, problems.join());
    backend.forget();
    client.send(get("shared.example") + get("localhost"));
    const statuses = (await client.awaitAnswers(3)).map(({ status }) => status);
    client.close();
    assert.deepEqual(statuses, [200, 421, 200]);
    assert.deepEqual(arrivals(backend).map((line) => line.split(" ")[0]), ["/default/"]);
  }); // prettier-ignore
});
