import assert from "node:assert/strict";
import { test } from "node:test";
import { arrivals } from "../support/arrivals.ts";
import { bareSession } from "../support/bare-session.ts";
import { connectRaw, type RawOptions } from "../support/raw-client.ts";
import { startSites } from "../support/sites.ts";

/** SNI -> whose certificate is shown, and which site answers. */
const names = [
  ["localhost", "*.flask.local", "default"],
  ["", "*.flask.local", "default"],
  ["unknown.example", "*.flask.local", "default"],
  ["example", "*.flask.local", "default"],
  ["admin.example", "admin.example", "admin"],
  ["ADMIN.Example", "admin.example", "admin"],
  ["a.admin.example", "admin.example", "admin"],
  ["a.b.admin.example", "*.flask.local", "default"],
  ["xadmin.example", "*.flask.local", "default"],
  ["open.example", "open.example", "open"],
  ["a.open.example", "*.flask.local", "default"],
  ["shared.example", "*.flask.local", "shared"],
] as const;

const untrusted = "certificate-untrusted";
const missing = "certificate-missing";
/** Who is told what at which site. */
const answers = {
  default: { grace: "SUCCESS", cecilia: untrusted, visitor: untrusted, nobody: missing },
  admin: { grace: untrusted, cecilia: "SUCCESS", visitor: untrusted, nobody: missing },
  open: { grace: untrusted, cecilia: untrusted, visitor: "SUCCESS", nobody: "NONE" },
  shared: { grace: "SUCCESS", cecilia: untrusted, visitor: untrusted, nobody: missing },
} as const;
const everybody = ["grace", "cecilia", "visitor", "nobody"] as const;

test("each name has its own certificate, and its own people", { timeout: 60_000 }, async (t) => {
  const { gateway, backend, people } = await startSites(t);
  const { port } = gateway;
  const get = (path: string, host: string) =>
    `GET ${path} HTTP/1.1\r\nHost: ${host || "localhost"}\r\nAccept: text/plain\r\n\r\n`;

  for (const version of ["TLSv1.2", "TLSv1.3"] as const)
    for (const [serverName, certificate, site] of names)
      await t.test(`${version}: ${serverName || "no name"} is ${site}'s`, async () => {
        for (const who of everybody) {
          backend.forget();
          const client = await connectRaw({ port, version, serverName, identity: people[who] });
          client.send(get("/app/", serverName));
          const [answer] = await client.awaitAnswers(1);
          client.close();
          assert.match(
            client.certificate?.subject ?? "",
            new RegExp(`^CN=${certificate.replaceAll(/[.*]/g, "[$&]")}$`, "m"),
          );
          const expected = answers[site][who];
          const passes = expected === "SUCCESS" || expected === "NONE";
          assert.equal(answer?.status, passes ? 200 : 403, who);
          if (passes) {
            const [arrived = "", ...others] = arrivals(backend);
            assert.deepEqual(others, []);
            assert.ok(arrived.startsWith(`/${site}/ ${expected}`), arrived);
          } else {
            assert.match(answer.text, new RegExp(expected), who);
            assert.equal(backend.bytes().length, 0);
          }
        }
      });

  for (const version of ["TLSv1.2", "TLSv1.3"] as const)
    await t.test(`${version}: nobody has more with a session of another name than without`, async () => {
      const hosts = ["localhost", "admin.example", "open.example", "shared.example"];
      const visit = async (serverName: string, options: Pick<RawOptions, "identity" | "session">) => {
        backend.forget();
        const client = await connectRaw({ port, version, serverName, ...options });
        client.send(get("/app/", serverName));
        const [answer] = await client.awaitAnswers(1);
        client.close();
        return { told: `${answer?.status ?? 0} ${arrivals(backend).join()}`, session: client.session() };
      };
      for (const who of everybody)
        for (const from of hosts) {
          const session = bareSession((await visit(from, { identity: people[who] })).session);
          for (const to of hosts) {
            const [expected, known] = [await visit(to, {}), await visit(to, { identity: people[who] })];
            // nothing is shown with the session: whoever is anybody, is so because of it
            const { told } = await visit(to, { session });
            assert.ok(
              told === expected.told || (from === to && told === known.told),
              `${who}, ${from} -> ${to}: ${told}`,
            );
            const shown = await visit(to, { session, identity: people[who] });
            assert.equal(shown.told, known.told, `${who}, ${from} -> ${to}`);
          }
        }
    });

  await t.test("a site has its own routes, and none of the others'", async () => {
    backend.forget();
    const asked = async (serverName: string, path: string, who: (typeof everybody)[number]) => {
      const client = await connectRaw({ port, serverName, identity: people[who] });
      client.send(get(path, serverName));
      const [answer] = await client.awaitAnswers(1);
      client.close();
      return answer?.status;
    };
    assert.equal(await asked("shared.example", "/lobby/", "nobody"), 200);
    assert.equal(await asked("localhost", "/lobby/", "nobody"), 403);
    assert.equal(await asked("localhost", "/lobby/", "grace"), 404);
    assert.equal(await asked("open.example", "/lobby/", "nobody"), 404);
    assert.deepEqual(arrivals(backend), ["/shared/lobby/ NONE"]);
  });

  await t.test(
    "where bad certificates close the connection, each name judges by its own authorities",
    async (s) => {
      const strict = await startSites(s, {
        listen: [{ host: "127.0.0.1", port: 0, mode: "mutual", onBadCertificate: "abort" }],
      });
      for (const version of ["TLSv1.2", "TLSv1.3"] as const)
        for (const [serverName, who, passes] of [
          ["admin.example", "cecilia", true],
          ["admin.example", "grace", false],
          ["localhost", "grace", true],
          ["localhost", "cecilia", false],
          ["open.example", "visitor", true],
        ] as const) {
          const name = `${version} ${serverName} ${who}`;
          const options = { port: strict.gateway.port, version, serverName, identity: strict.people[who] };
          const client = await connectRaw(options);
          client.send(get("/app/", serverName));
          if (passes) {
            assert.equal((await client.awaitAnswers(1))[0]?.status, 200, name);
            const again = await connectRaw({ ...options, session: client.session() });
            again.send(get("/app/", serverName));
            assert.equal((await again.awaitAnswers(1))[0]?.status, 200, `${name}, with a session`);
            again.close();
          } else {
            await client.settle(500);
            assert.ok(client.ended(), name);
            assert.equal(client.received().length, 0, name);
          }
          client.close();
        }
    },
  );
});
