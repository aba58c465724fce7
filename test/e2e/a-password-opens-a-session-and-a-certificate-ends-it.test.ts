/** A visitor without a certificate on a route that allows them: the app, the gateway, and curl with a jar of cookies. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { runCurl } from "../support/run-curl.ts";
import { startApp } from "../support/running-app.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const password = "a nanosecond is this long";

test("a password opens a session, and a certificate ends it", { timeout: 30_000 }, async (t) => {
  const [authority, app, folder] = [await createTestAuthority(t), await startApp(t), await tempFolder(t)];
  const { port } = await startGateway(t, {
    ...gatewayConfig(authority, app.port, { route: { presence: "optional" } }),
    backendSecret: { file: app.secretFile },
  });
  const site = `https://localhost:${port}`;
  const person = join(folder, "grace.pem");
  await writeFile(person, authority.grace.cert + authority.grace.key, { mode: 0o600 });

  /** Somebody with a browser of their own. */
  const browser = (name: string, ...always: readonly string[]) => {
    const jar = join(folder, name);
    const ask = async (path: string, ...args: readonly string[]) => {
      const { code, stdout, stderr } = await runCurl("-i", "--cacert", authority.rootFile, "-b", jar, "-c", jar, "-H", "Accept: text/html", ...always, ...args, `${site}/flask${path}`); // prettier-ignore
      assert.equal(code, 0, stderr);
      const [, status] = /^HTTP\/1\.1 (\d+)/.exec(stdout) ?? [];
      const [, location] = /^location: (.*)\r$/im.exec(stdout) ?? [];
      const [, token = ""] = /name="csrf_token" value="([^"]*)"/.exec(stdout) ?? [];
      return { status: Number(status), location, token, stdout };
    };
    return {
      jar,
      ask,
      async fillIn(path: string, fields: Readonly<Record<string, string>>, ...args: readonly string[]) {
        const { token } = await ask(path);
        const words = Object.entries({ csrf_token: token, ...fields }).flatMap(([field, value]) => ["--data-urlencode", `${field}=${value}`]); // prettier-ignore
        return ask(path, "-H", `Origin: ${site}`, "-H", "Sec-Fetch-Site: same-origin", ...words, ...args);
      },
    };
  };
  const ada = browser("ada");
  const fields = { username: "Ada", password };

  await t.test("whoever is nobody is led to the login page, under the prefix", async () => {
    const { status, location } = await ada.ask("/account");
    assert.deepEqual([status, location], [302, "/flask/login?next=%2Faccount"]);
  });

  await t.test("she signs up, signs in, and comes to where she wanted to go", async () => {
    const registered = await ada.fillIn("/register", { ...fields, password2: password });
    assert.deepEqual([registered.status, registered.location], [302, "/flask/login"]);
    const { status, location, stdout } = await ada.fillIn("/login?next=%2Faccount", fields);
    assert.deepEqual([status, location], [302, "/flask/account"]);
    const [, attributes = ""] = /^set-cookie: __Host-sallyport-app=[^;]+; (.*)\r$/im.exec(stdout) ?? [];
    assert.deepEqual(attributes.split("; ").filter((part) => !/^(?:Max-Age|Expires)=/i.test(part)).toSorted(), ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]); // prettier-ignore
    const page = await ada.ask("/account");
    assert.match(page.stdout, /username and password[\s\S]*<bdi>Ada<\/bdi>[\s\S]*From 127\.0\.0\.1/);
    assert.ok(page.stdout.includes('action="/flask/account/sessions/end"'));
  });

  await t.test("no other site is where she wanted to go", async () => {
    for (const next of ["//evil.test", "/%09/evil.test"]) {
      const { location } = await browser(`next-${String(Math.random())}`).fillIn(
        `/login?next=${next}`,
        fields,
      );
      assert.equal(location, "/flask/", next);
    }
  });

  await t.test("no other site's page does anything in her name", async () => {
    const { token } = await ada.ask("/account/delete");
    const form = ["--data-urlencode", `current=${password}`];
    const forged = [
      [...form, "-H", `Origin: ${site}`],
      [...form, "--data-urlencode", `csrf_token=${token}`, "-H", "Origin: https://evil.test"],
      [...form, "--data-urlencode", `csrf_token=${token}`, "-H", "Sec-Fetch-Site: cross-site"],
    ];
    for (const args of forged) {
      const { status, stdout } = await ada.ask("/account/delete", ...args);
      assert.equal(status, 403);
      assert.match(stdout, /Nothing was changed\./);
    }
    assert.equal((await ada.ask("/account")).status, 200);
  });

  await t.test("nor in the name of somebody with a certificate", async () => {
    const grace = browser("grace", "--cert", person);
    const { status, token } = await grace.ask("/account/delete");
    assert.equal(status, 200);
    for (const args of [["-d", ""], ["-d", `csrf_token=${token}`, "-H", "Origin: https://evil.test"], ["-d", "csrf_token=x"]]) {
      assert.equal((await grace.ask("/account/delete", ...args)).status, 403);
    }
    assert.match((await grace.ask("/account")).stdout, /<bdi>Grace Hopper<\/bdi>/);
  }); // prettier-ignore

  await t.test("a certificate in her browser makes it Grace's, and Ada's session is over", async () => {
    const { stdout } = await ada.ask("/account", "--cert", person);
    assert.match(stdout, /<bdi>Grace Hopper<\/bdi>/);
    assert.ok(!stdout.includes("Ada"));
    assert.equal((await ada.ask("/account")).location, "/flask/login?next=%2Faccount");
  });

  await t.test("a certificate is led away from the login page, and has nothing to log out of", async () => {
    const grace = browser("grace-again", "--cert", person);
    assert.equal((await grace.ask("/login")).location, "/flask/");
    assert.match((await grace.ask("/logout")).stdout, /There is nothing to log out of/);
  });
});
