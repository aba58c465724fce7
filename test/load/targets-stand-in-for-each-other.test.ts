import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../support/ask.ts";
import { nextReload } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { healthPath, worker, type Worker } from "../support/shared-work.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

async function group(t: TestContext, upstream: object, count = 3) {
  const authority = await createTestAuthority(t);
  const workers: Worker[] = [];
  for (let at = 0; at < count; at += 1) workers.push(await worker(t, `worker ${at}`));
  const config = (members: readonly Worker[], more: object = {}) => {
    const targets = members.map(({ target }) => target);
    return gatewayConfig(authority, 1, { route: { upstream: { targets, ...upstream, ...more } } });
  };
  const gateway = await startGateway(t, config(workers));
  const options = { port: gateway.port, identity: authority.grace };
  /** Requests on one connection; who has answered each, or its status. */
  const answers = async (many: number, identity: Identity = authority.grace, method = "GET") => {
    const client = await connectRaw({ port: gateway.port, identity });
    for (let at = 1; at <= many; at += 1) {
      client.send(`${method} /flask/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi`);
      await client.awaitAnswers(at, ...Array<string>(at).fill(method));
    }
    client.close();
    return client.answers().map(({ status, text }) => (status === 200 ? text : String(status)));
  };
  const counts = (given: readonly string[]) =>
    workers.map(({ name }) => given.filter((each) => each === name).length);
  return { authority, workers, gateway, options, answers, counts, config };
}

test("round robin: each in turn", { timeout: 20_000 }, async (t) => {
  const { answers, counts, gateway, workers } = await group(t, {});
  assert.deepEqual(counts(await answers(30)), [10, 10, 10]);
  const logged = () => gateway.log.filter(({ target }) => target !== undefined);
  await waitUntil(() => logged().length === 30, () => "the access lines never came"); // prettier-ignore
  assert.deepEqual(new Set(logged().map(({ target }) => `${String(target)}/`)), new Set(workers.map(({ target }) => target))); // prettier-ignore
});

test("least connections: not to the one that is busy", { timeout: 20_000 }, async (t) => {
  const { workers, options, answers, counts } = await group(t, { balance: "least-connections" });
  const [slow] = workers;
  slow?.behave(() => undefined);
  const stuck = [];
  for (let at = 0; at < 3; at += 1) {
    const client = await connectRaw(options);
    client.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stuck.push(client);
    await sleep(30);
  }
  await waitUntil(() => (slow?.served() ?? 0) > 0, () => "the slow one was never asked"); // prettier-ignore
  const [first, second, third] = counts(await answers(20));
  assert.deepEqual([first, (second ?? 0) + (third ?? 0)], [0, 20]);
  for (const client of stuck) client.close();
});

test("sticky: a certificate stays with its target, and moves only when that is gone", { timeout: 60_000 }, async (t) => {
  const { authority, workers, answers } = await group(t, { sticky: "certificate" });
  const people = await Promise.all(Array.from({ length: 16 }, (_, at) => authority.issue(`Person ${at}`)));
  const homes = async () => Promise.all(people.map(async (person) => {
    const seen = new Set(await answers(2, person));
    return [...seen].join(" and ");
  }));
  const before = await homes();
  for (const { name } of workers) assert.ok(before.includes(name), `nobody is with ${name}: ${before.join()}`);
  await workers[1]?.stop();
  const during = await homes();
  for (const [at, home] of before.entries()) {
    if (home === "worker 1") assert.match(during[at] ?? "", /worker [02]/);
    else assert.equal(during[at], home, "somebody has moved for nothing");
  }
  await workers[1]?.start();
  await waitUntil(async () => (await homes()).join() === before.join(), () => "not everybody has come home", 10_000);
}); // prettier-ignore

test("a target that is down is nobody's trouble, whatever the method is", { timeout: 20_000 }, async (t) => {
  const { workers, gateway, answers, counts } = await group(t, {});
  await workers[0]?.stop();
  for (const method of ["GET", "POST", "PUT"]) {
    const [first, second, third] = counts(await answers(20, undefined, method));
    assert.deepEqual([first, (second ?? 0) + (third ?? 0)], [0, 20], method);
  }
  const { target } = await gateway.logged(({ msg }) => msg === "upstream target out");
  assert.equal(target, workers[0]?.target.slice(0, -1));
  await workers[0]?.start();
  await waitUntil(async () => (counts(await answers(6))[0] ?? 0) > 0, () => "it never came back");
  await gateway.logged(({ msg }) => msg === "upstream target in");
}); // prettier-ignore

test("a target whose answers are none is left alone for a while", { timeout: 20_000 }, async (t) => {
  const { workers, answers, counts } = await group(t, {}, 2);
  workers[0]?.behave((request) => request.socket.destroy());
  const given = await answers(40, undefined, "POST");
  const failed = given.filter((each) => each === "502").length;
  assert.ok(failed >= 3 && failed <= 6, `${failed} failures`);
  assert.equal(counts(given)[1], 40 - failed);
  workers[0]?.behave();
  await waitUntil(async () => (counts(await answers(6))[0] ?? 0) > 0, () => "it never came back");
}); // prettier-ignore

test("for its answers alone the last target is never left alone", { timeout: 20_000 }, async (t) => {
  const { workers, answers } = await group(t, {}, 2);
  for (const each of workers)
    each.behave((_, response) => {
      response.writeHead(503).end("not now");
    });
  assert.deepEqual(new Set(await answers(30)), new Set(["503"]), "it is the application that says no");
});

test(
  "all of them down: a no at once, and a yes within a second of their return",
  { timeout: 30_000 },
  async (t) => {
    const { workers, options, answers } = await group(t, {}, 2);
    for (const each of workers) await each.stop();
    await answers(10);
    await sleep(2_000); // they have been out for a while
    const started = performance.now();
    const given = await answers(20);
    const each = (performance.now() - started) / 20;
    assert.deepEqual(new Set(given), new Set(["502"]));
    assert.ok(each < 100, `${each} ms for a no`);
    await workers[1]?.start();
    const back = performance.now();
    while ((await ask(options)).status !== 200) await sleep(20);
    assert.ok(performance.now() - back < 1_500, `${performance.now() - back} ms`);
  },
);

test("health checks find out before anybody else does", { timeout: 30_000 }, async (t) => {
  const health = { path: healthPath, every: "100ms", timeout: "300ms", fall: 2 };
  const { workers, gateway, answers, counts } = await group(t, { health }, 2);
  const [first] = workers;
  assert.deepEqual(counts(await answers(10)), [5, 5]);
  const states = () => gateway.log.filter(({ msg }) => String(msg).startsWith("upstream target")).map(({ msg }) => msg);
  for (const [how, behaviour] of Object.entries({
    "answers 503": (_: unknown, response: { writeHead: (status: number) => { end: () => unknown } }) => { response.writeHead(503).end(); },
    "answers nothing": () => undefined,
    "answers no HTTP": (request: { socket: { end: (text: string) => unknown } }) => { request.socket.end("HTTP/1.1 000 x\r\n\r\n"); },
  })) {
    await t.test(how, async () => {
      const before = states().length;
      first?.behave(behaviour);
      await waitUntil(() => states().length === before + 1, () => "not found out");
      assert.equal(states().at(-1), "upstream target out");
      const served = first?.served();
      assert.deepEqual(counts(await answers(10)), [0, 10]);
      assert.equal(first?.served(), served);
      first?.behave();
      await waitUntil(() => states().length === before + 2, () => "not back");
      assert.deepEqual(counts(await answers(10)), [5, 5]);
    });
  }
  await t.test("all of them out: 502 at once", async () => {
    for (const each of workers) each.behave((_, response) => { response.writeHead(500).end(); });
    await waitUntil(() => states().slice(-2).every((state) => state === "upstream target out"), () => "not found out");
    const served = workers.map((each) => each.served());
    assert.deepEqual(new Set(await answers(5)), new Set(["502"]));
    assert.deepEqual(workers.map((each) => each.served()), served);
  });
}); // prettier-ignore

test("a target that a reload removes finishes what is under way, and is asked no more", { timeout: 30_000 }, async (t) => {
  const health = { path: healthPath, every: "50ms" };
  const { workers, gateway, options, answers, config, counts } = await group(t, { health }, 2);
  const [leaving, staying] = workers;
  assert.ok(leaving && staying);
  let finish: () => void = () => undefined;
  leaving.behave((request, response) => {
    if (request.url === healthPath) response.end();
    else {
      response.write("begun ");
      finish = () => response.end("and finished");
    }
  });
  const client = await connectRaw(options);
  for (let sent = 0; leaving.served() === 0; sent += 1) {
    client.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await sleep(100);
    assert.ok(sent < 5);
  }
  await nextReload(gateway, () => gateway.reconfigure(config([staying])));
  assert.deepEqual(counts(await answers(6)), [0, 6]);
  const checked = leaving.checked();
  finish();
  const found = await client.awaitAnswers(1);
  await waitUntil(() => client.answers().at(-1)?.text === "begun and finished", () => found.map(({ text }) => text).join());
  await sleep(300);
  assert.equal(leaving.checked(), checked, "it is still asked how it is");
  assert.equal(leaving.served(), 1);
  client.close();
}); // prettier-ignore

test("a reload that leaves an upstream as it is keeps its connections and what is known of its targets", { timeout: 20_000 }, async (t) => {
  const health = { path: healthPath, every: "100ms", fall: 1 };
  const { workers, gateway, answers, counts, config } = await group(t, { health }, 2);
  workers[0]?.behave((request, response) => {
    if (request.url === healthPath) setTimeout(() => response.writeHead(500).end(), 90);
    else response.end("worker 0");
  });
  await gateway.logged(({ msg }) => msg === "upstream target out");
  await nextReload(gateway, () => gateway.reconfigure({ ...config(workers), contact: "somebody else" }));
  assert.deepEqual(counts(await answers(8)), [0, 8]);
  const checked = workers[1]?.checked() ?? 0;
  await waitUntil(() => (workers[1]?.checked() ?? 0) > checked + 1, () => "nobody asks it any more how it is");
}); // prettier-ignore
