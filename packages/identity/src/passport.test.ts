import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { dialects } from "./dialects/index.ts";
import { valuesOf } from "./distinguished-name.ts";
import { IdentityError } from "./identity-error.ts";
import {
  CertificateStrategy,
  type CertificateStrategyOptions,
  type CertificateUser,
  type UserNameField,
} from "./passport.ts";
import { guardedServer } from "./testing/guarded-server.ts";

const success = "SSL_CLIENT_VERIFY: SUCCESS";
const grace = "SSL_CLIENT_S_DN: CN=Grace Hopper,ST=Virginia,C=US";
const fromGateway = "From-Gateway: yes";

type Options = Partial<CertificateStrategyOptions<{ id: number }>>;

async function guarded(context: TestContext, options: Options = {}) {
  const doubts: string[] = [];
  const strategy = new CertificateStrategy({
    dialect: "ssl-client",
    trusted: (request) => request.rawHeaders.includes("From-Gateway"),
    onDoubt: (code) => {
      doubts.push(code);
    },
    ...options,
  });
  const ask = await guardedServer(context, strategy);
  return { ask, doubts };
}

describe("success", () => {
  it("the gateway's word about one verified subject is a user", async (context) => {
    const { ask, doubts } = await guarded(context);
    const { status, body } = await ask(fromGateway, success, grace);
    const { name, asserted } = body as CertificateUser;
    assert.deepEqual([status, name, doubts], [200, "Grace Hopper", []]);
    assert.deepEqual(asserted.subject?.flat().map(({ value }) => value), ["US", "Virginia", "Grace Hopper"]); // prettier-ignore
  });

  it("a name beyond ASCII is itself", async (context) => {
    const { ask } = await guarded(context);
    const { body } = await ask(fromGateway, success, String.raw`SSL_CLIENT_S_DN: CN=\C5\81ukasz \E5\B1\B1\E7\94\B0`);
    assert.equal((body as CertificateUser).name, "Łukasz 山田");
  }); // prettier-ignore

  for (const [how, verify] of Object.entries({
    "at once": (_: unknown, name: string) => ({ id: name.length }),
    "after a while": (_: unknown, name: string) => Promise.resolve({ id: name.length }),
  })) {
    it(`the lookup answers ${how}: its user is the user`, async (context) => {
      const { ask } = await guarded(context, { verify });
      assert.deepEqual((await ask(fromGateway, success, grace)).body, { id: 12 });
    });
  }

  it("the lookup sees what is proved, the name, and the request", async (context) => {
    const { ask } = await guarded(context, {
      field: ({ subject = [] }) => `${subject.length}`,
      verify: ({ subject }, name, { url }) => {
        assert.deepEqual([subject?.length, name, url], [3, "3", "/"]);
        return { id: 3 };
      },
    });
    assert.deepEqual((await ask(fromGateway, success, grace)).body, { id: 3 });
  });
});

describe("the field that names the user, in a dialect that carries it", () => {
  const sha256 = "0a".repeat(32);
  const cases: Record<string, { dialect: string; field: UserNameField; lines: string[]; name?: string; doubt?: string }> = {
    "the one e-mail address": { dialect: "mod_ssl", field: "email", lines: ["SSL_CLIENT_SAN_Email_0: grace@flask.local"], name: "grace@flask.local" },
    "two e-mail addresses": { dialect: "mod_ssl", field: "email", lines: ["SSL_CLIENT_SAN_Email_0: mallory@flask.local", "SSL_CLIENT_SAN_Email_1: grace@flask.local"], doubt: "user-name-repeated" },
    "no e-mail address": { dialect: "mod_ssl", field: "email", lines: [], doubt: "user-name-missing" },
    "the one user principal name": { dialect: "mod_ssl", field: "upn", lines: ["SSL_CLIENT_SAN_OTHER_msUPN_0: ghopper@flask.local"], name: "ghopper@flask.local" },
    "two user principal names": { dialect: "mod_ssl", field: "upn", lines: ["SSL_CLIENT_SAN_OTHER_msUPN_0: a", "SSL_CLIENT_SAN_OTHER_msUPN_1: b"], doubt: "user-name-repeated" },
    "the fingerprint": { dialect: "envoy", field: "sha256", lines: [`X-Forwarded-Client-Cert: Hash=${sha256};Subject="CN=Grace Hopper"`], name: sha256 },
    "no fingerprint": { dialect: "mod_ssl", field: "sha256", lines: [], doubt: "user-name-missing" },
    "a user's name and no subject": { dialect: "remote-user", field: "CN", lines: ["Remote-User: Grace Hopper"], name: "Grace Hopper" },
    "UTF-8 in octets that Node takes for Latin-1": { dialect: "mod_ssl", field: "CN", lines: [Buffer.from("SSL_CLIENT_S_DN: CN=山田").toString("latin1")], name: "山田" },
    "what a function makes of the subject": { dialect: "mod_ssl", field: ({ subject = [] }) => valuesOf(subject, "ST")[0], lines: [], name: "Virginia" },
  }; // prettier-ignore
  for (const [what, { dialect, field, lines, name, doubt }] of Object.entries(cases)) {
    it(`${what}: ${name ?? doubt ?? ""}`, async (context) => {
      const { ask, doubts } = await guarded(context, { dialect, field });
      const verified = dialect === "mod_ssl" ? [success, ...(lines.some((line) => line.startsWith("SSL_CLIENT_S_DN:")) ? [] : [grace])] : [];
      const { status, body } = await ask(fromGateway, ...verified, ...lines);
      assert.equal(name === undefined ? undefined : (body as CertificateUser).name, name);
      assert.deepEqual([status, doubts], name === undefined ? [401, [doubt]] : [200, []]);
    }); // prettier-ignore
  }
});

describe("fail", () => {
  const cases: Record<string, { lines: string[]; options?: Options; doubt?: string }> = {
    "the gateway says: no certificate": { lines: [fromGateway, "SSL_CLIENT_VERIFY: NONE"] },
    "nobody says anything": { lines: [] },
    "nobody who is believed says anything": { lines: ["X-Forwarded-For: 192.0.2.1"] },
    "somebody else says it": { lines: [success, grace], doubt: "request-untrusted" },
    "somebody else says it in another spelling": { lines: ["Ssl-Client-Verify: SUCCESS"], doubt: "request-untrusted" },
    "the gateway says nothing": { lines: [fromGateway], doubt: "verification-missing" },
    "the certificate was not verified": { lines: [fromGateway, "SSL_CLIENT_VERIFY: FAILED:expired", grace], doubt: "verification-failed" },
    "two subjects": { lines: [fromGateway, success, grace, "ssl-client-s-dn: CN=Mallory"], doubt: "subject-repeated" },
    "a name that is none": { lines: [fromGateway, success, "SSL_CLIENT_S_DN: Grace"], doubt: "name-malformed" },
    "no CN": { lines: [fromGateway, success, "SSL_CLIENT_S_DN: O=Navy"], doubt: "common-name-missing" },
    "two CNs": { lines: [fromGateway, success, "SSL_CLIENT_S_DN: CN=Mallory,CN=Grace Hopper"], doubt: "common-name-repeated" },
    "a field that the dialect does not carry": { lines: [fromGateway, success, grace], options: { field: "email" }, doubt: "user-name-missing" },
    "a function that finds no name": { lines: [fromGateway, success, grace], options: { field: () => undefined }, doubt: "user-name-missing" },
    "a function that finds an empty name": { lines: [fromGateway, success, grace], options: { field: () => "" }, doubt: "user-name-missing" },
    "a function that doubts": {
      lines: [fromGateway, success, grace],
      options: { field: () => { throw new IdentityError("subject-ambiguous", "Which one?"); } },
      doubt: "subject-ambiguous",
    },
    "the lookup knows nobody": { lines: [fromGateway, success, grace], options: { verify: () => false }, doubt: "user-unknown" },
    "the lookup knows nobody, after a while": { lines: [fromGateway, success, grace], options: { verify: () => Promise.resolve(false) }, doubt: "user-unknown" },
    "trust that is only promised": {
      lines: [fromGateway, success, grace],
      options: { trusted: (() => Promise.resolve(true)) as unknown as () => boolean },
      doubt: "request-untrusted",
    },
  }; // prettier-ignore

  for (const [name, { lines, options, doubt }] of Object.entries(cases)) {
    it(`${name}: ${doubt ?? "without a doubt"}`, async (context) => {
      const { ask, doubts } = await guarded(context, options);
      const { status, head, body } = await ask(...lines);
      assert.deepEqual([status, body, doubts], [401, "Unauthorized", doubt === undefined ? [] : [doubt]]);
      assert.doesNotMatch(head, /authenticate/i, "the client is told no reason");
    });
  }

  it("nobody has to listen to the doubts", async (context) => {
    const strategy = new CertificateStrategy({ dialect: "ssl-client", trusted: () => true });
    const ask = await guardedServer(context, strategy);
    assert.equal((await ask(success)).status, 401);
  });
});

describe("error", () => {
  const down = () => {
    throw new Error("the directory is down");
  };
  const cases: Record<string, Options> = {
    "the lookup throws": { verify: down },
    "the lookup's promise is broken": { verify: () => Promise.reject(new Error("the directory is down")) },
    "the function that names the user throws": { field: down },
    "the question of trust throws": { trusted: down },
  };
  for (const [name, options] of Object.entries(cases)) {
    it(name, async (context) => {
      const { ask } = await guarded(context, options);
      const { status, body } = await ask(fromGateway, success, grace);
      assert.deepEqual([status, body], [500, "the directory is down"]);
    });
  }

  for (const asked of [{}, { session: true }]) {
    it(`Passport is asked for a session: ${JSON.stringify(asked)}`, async (context) => {
      const strategy = new CertificateStrategy({ dialect: "ssl-client", trusted: () => true });
      const ask = await guardedServer(context, strategy, asked);
      const { status, body } = await ask(success, grace);
      assert.equal(status, 500);
      assert.match(String(body), /\{ session: false \}/);
    });
  }
});

describe("a strategy that could not keep its word is not built", () => {
  const trusted = () => true;
  it("an unknown dialect", () => {
    assert.throws(() => new CertificateStrategy({ dialect: "ssl_client", trusted }), TypeError);
  });
  it("nothing that says which requests are the gateway's", () => {
    const options = { dialect: "ssl-client" } as unknown as CertificateStrategyOptions<object>;
    assert.throws(() => new CertificateStrategy(options), TypeError);
  });
  it("every dialect there is can be spoken", () => {
    for (const { name } of dialects) assert.ok(new CertificateStrategy({ dialect: name, trusted }));
  });
});
