/** What the three dialects of the mod_ssl family write and refuse to read, exactly. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Certificate } from "../../certificate.ts";
import { commonNameOf, type DistinguishedName } from "../../distinguished-name.ts";
import { generalNames, subjectAltName, tlv, userPrincipalName, utf8 } from "../../testing/der.ts";
import { outcomeOf } from "../../testing/outcome-of.ts";
import { grace, intermediate, mallory, personCalled, server, visitOf } from "../../testing/visits.ts";
import type { HeaderLine } from "../dialect.ts";
import { toWire } from "../../wire/header-lines.ts";
import { modSslLegacy } from "../mod-ssl-legacy.ts";
import { modSsl } from "../mod-ssl.ts";
import { sslClient } from "../ssl-client.ts";

const family = [sslClient, modSsl, modSslLegacy];
const unit = String.raw`K\C3\BCche`;

const usual: Record<string, HeaderLine[]> = {
  "ssl-client": [
    ["SSL_SERVER_S_DN_OU", unit],
    ["SSL_CLIENT_S_DN", "CN=Grace Hopper,ST=Virginia,C=US"],
    ["SSL_CLIENT_I_DN", "CN=Test Authority,C=US"],
    ["SSL_CLIENT_VERIFY", "SUCCESS"],
  ],
  mod_ssl: [
    ["SSL_SERVER_S_DN_OU", toWire("Küche")],
    ["SSL_CLIENT_S_DN", "CN=Grace Hopper,ST=Virginia,C=US"],
    ["SSL_CLIENT_I_DN", "CN=Test Authority,C=US"],
    ["SSL_CLIENT_VERIFY", "SUCCESS"],
  ],
  "mod_ssl-legacy": [
    ["SSL_SERVER_S_DN_OU", toWire("Küche")],
    ["SSL_CLIENT_S_DN", "/C=US/ST=Virginia/CN=Grace Hopper"],
    ["SSL_CLIENT_I_DN", "/C=US/CN=Test Authority"],
    ["SSL_CLIENT_VERIFY", "SUCCESS"],
  ],
};

const withSubject = (subject: DistinguishedName): Certificate => ({ ...grace, subject });
const cn = (value: string): DistinguishedName => [[{ type: "2.5.4.3", value, der: undefined }]];

for (const dialect of family) {
  const lines = usual[dialect.name] ?? [];
  const write = (variables: readonly string[], who = grace) =>
    Object.fromEntries(dialect.write(visitOf(who), { variables }));
  const replaced = (name: string, value: string): HeaderLine[] => [...without(name), [name, value]];
  const without = (name: string) => lines.filter((line) => line[0] !== name);

  describe(`the dialect ${dialect.name}`, () => {
    it("writes the usual four headers", () => {
      assert.deepEqual(dialect.write(visitOf(grace)), lines);
      assert.deepEqual(dialect.write(visitOf({ verify: "NONE" })), [lines[0], ["SSL_CLIENT_VERIFY", "NONE"]]);
      const failed = visitOf({ verify: "FAILED", reason: "é \r\n", certificate: grace });
      assert.deepEqual(dialect.write(failed), [lines[0], ["SSL_CLIENT_VERIFY", "FAILED:? ??"]]);
    });

    it("writes exactly the variables asked for, and always the verdict", () => {
      assert.deepEqual(dialect.write(visitOf(grace), { variables: [] }), [["SSL_CLIENT_VERIFY", "SUCCESS"]]);
      assert.deepEqual(write(["SSL_CLIENT_M_SERIAL", "SSL_CLIENT_VERIFY", "SSL_CLIENT_S_DN_O", "SSL_NONSENSE", "SSL_CLIENT_VERIFY_0"]), {
        SSL_CLIENT_M_SERIAL: "0C0B0A0908",
        SSL_CLIENT_VERIFY: "SUCCESS",
      }); // prettier-ignore
    });

    it("tells of the certificate what mod_ssl tells", () => {
      const names = ["M_VERSION", "V_START", "V_END", "V_REMAIN", "A_KEY", "A_SIG", "CERT_RFC4523_CEA", "S_DN_CN", "I_DN_C"];
      assert.deepEqual(write(names.map((name) => `SSL_CLIENT_${name}`)), {
        SSL_CLIENT_M_VERSION: "3",
        SSL_CLIENT_V_START: "Jan  1 00:00:00 2026 GMT",
        SSL_CLIENT_V_END: "Jan  1 00:00:00 2036 GMT",
        SSL_CLIENT_V_REMAIN: "3616",
        SSL_CLIENT_A_KEY: "id-ecPublicKey",
        SSL_CLIENT_A_SIG: "ecdsa-with-SHA256",
        SSL_CLIENT_CERT_RFC4523_CEA: '{ serialNumber 51724814600, issuer rdnSequence:"CN=Test Authority,C=US" }',
        SSL_CLIENT_S_DN_CN: "Grace Hopper",
        SSL_CLIENT_I_DN_C: "US",
        SSL_CLIENT_VERIFY: "SUCCESS",
      });
    }); // prettier-ignore

    it("tells of the connection what mod_ssl tells", () => {
      const names = ["SSL_PROTOCOL", "SSL_CIPHER", "SSL_CIPHER_USEKEYSIZE", "SSL_CIPHER_ALGKEYSIZE", "SSL_TLS_SNI", "SSL_SESSION_ID", "SSL_SESSION_RESUMED"];
      assert.deepEqual(write(names), {
        SSL_PROTOCOL: "TLSv1.3",
        SSL_CIPHER: "TLS_AES_256_GCM_SHA384",
        SSL_CIPHER_USEKEYSIZE: "256",
        SSL_CIPHER_ALGKEYSIZE: "256",
        SSL_TLS_SNI: "flask.local",
        SSL_SESSION_ID: "00ff".repeat(16),
        SSL_SESSION_RESUMED: "Initial",
        SSL_CLIENT_VERIFY: "SUCCESS",
      });
    }); // prettier-ignore

    it("passes on no server name that is no host name", () => {
      const visit = visitOf(grace);
      for (const serverName of ["", "a\r\nb", "a b", "é", "a,b", undefined]) {
        const connection = { ...visit, tls: visit.tls && { ...visit.tls, serverName } };
        const written = dialect.write(connection, { variables: ["SSL_TLS_SNI"] });
        assert.deepEqual(written, [["SSL_CLIENT_VERIFY", "SUCCESS"]], serverName);
      }
    });

    it("numbers repeated parts from the second and alternative names from the first", () => {
      const units = ["one", "", "three"].map((value) => [{ type: "2.5.4.11", value, der: undefined }]);
      const who = withSubject([...units, ...cn("x")]);
      const verify = { SSL_CLIENT_VERIFY: "SUCCESS" };
      assert.deepEqual(write(["SSL_CLIENT_S_DN_OU"], who), { SSL_CLIENT_S_DN_OU: "one", ...verify });
      assert.deepEqual(write(["SSL_CLIENT_S_DN_OU_2", "SSL_CLIENT_S_DN_OU_0", "SSL_CLIENT_S_DN_OU_1"], who), {
        SSL_CLIENT_S_DN_OU_0: "one",
        SSL_CLIENT_S_DN_OU_2: "three",
        ...verify,
      });
      assert.deepEqual(write(["SSL_CLIENT_S_DN_OU_n"], who), {
        SSL_CLIENT_S_DN_OU: "one",
        SSL_CLIENT_S_DN_OU_2: "three",
        ...verify,
      });
      const emails = { SSL_CLIENT_SAN_Email_0: "grace@flask.local", SSL_CLIENT_SAN_Email_1: "grace@elsewhere.test", ...verify }; // prettier-ignore
      assert.deepEqual(write(["SSL_CLIENT_SAN_Email"]), emails);
      assert.deepEqual(write(["SSL_CLIENT_SAN_Email_n"]), emails);
      assert.deepEqual(write(["SSL_CLIENT_SAN_Email_1"]), { SSL_CLIENT_SAN_Email_1: "grace@elsewhere.test", ...verify }); // prettier-ignore
      assert.deepEqual(write(["SSL_CLIENT_CERT_CHAIN"]), { SSL_CLIENT_CERT_CHAIN_0: intermediate.pem.trim().replaceAll("\n", " "), ...verify }); // prettier-ignore
      assert.deepEqual(write(["SSL_SERVER_SAN_DNS"]), {
        SSL_SERVER_SAN_DNS_0: "server.flask.local",
        ...verify,
      });
    });

    it("refuses a value that HTTP would make another one's, or that is no text; but only where it is asked for", () => {
      const otherwise = (value: Certificate["subject"][number][number]) => withSubject([[value], ...grace.subject.slice(2)]); // prettier-ignore
      const organisation = { type: "2.5.4.10", der: undefined } as const;
      for (const value of ["Navy ", " Navy", " ", undefined]) {
        const who = otherwise({ ...organisation, value });
        assert.equal(outcomeOf(() => write(["SSL_CLIENT_S_DN_O"], who)), "subject-ambiguous", value); // prettier-ignore
        assert.equal(outcomeOf(() => write(["SSL_CLIENT_S_DN_CN", "SSL_CLIENT_S_DN_O_1"], who)), "accepted", value); // prettier-ignore
      }
      const odd = personCalled("x", { extensions: [subjectAltName(generalNames.email("a@test.example "))] });
      assert.equal(outcomeOf(() => write(["SSL_CLIENT_SAN_Email"], odd)), "subject-ambiguous"); // prettier-ignore
    });

    it("tells of its own certificate in any case", () => {
      const odd = { ...server, subject: [[{ type: "2.5.4.11", value: " a/b ", der: undefined }]] };
      const names = ["SSL_SERVER_S_DN_OU", "SSL_SERVER_S_DN"];
      const written = dialect.write({ ...visitOf(grace), server: odd }, { variables: names });
      const name = { "ssl-client": String.raw`OU=\ a/b\20`, mod_ssl: String.raw`OU=\ a/b\20`, "mod_ssl-legacy": String.raw`/OU= a\/b\x20` }[dialect.name]; // prettier-ignore
      assert.deepEqual(written.slice(0, 2), [["SSL_SERVER_S_DN_OU", String.raw`\20a/b\20`], ["SSL_SERVER_S_DN", name]]); // prettier-ignore
    });

    it("reads the whole certificate where it is told, and the alternative names where they are", () => {
      const all = dialect.write(visitOf(grace), { variables: ["SSL_CLIENT_S_DN", "SSL_CLIENT_I_DN", "SSL_CLIENT_CERT", "SSL_CLIENT_SAN_Email"] }); // prettier-ignore
      assert.deepEqual(dialect.read(all)?.certificate?.der, grace.der);
      const alone = dialect.write(visitOf(grace), { variables: ["SSL_CLIENT_CERT"] });
      assert.equal(commonNameOf(dialect.read(alone)?.subject ?? []), "Grace Hopper");
      const names = dialect.write(visitOf(grace), { variables: ["SSL_CLIENT_S_DN", "SSL_CLIENT_SAN_Email", "SSL_CLIENT_SAN_DNS", "SSL_CLIENT_SAN_OTHER_msUPN"] }); // prettier-ignore
      const read = dialect.read(names.toReversed());
      assert.deepEqual(
        [read?.emails, read?.dnsNames, read?.upns, read?.issuer, read?.certificate],
        [["grace@flask.local", "grace@elsewhere.test"], ["grace.flask.local"], ["grace@upn.test"], undefined, undefined],
      ); // prettier-ignore
    });

    it("carries alternative names of any kind", () => {
      const texts = ["a\\b,c\\41@test", "caf\xe9", "x\r\ny\0", ""];
      const upns = ["josé@upn.test", "山田\\0D\u202e"];
      const odd = personCalled("x", {
        extensions: [
          subjectAltName(
            ...texts.map(generalNames.email),
            ...texts.map(generalNames.dns),
            generalNames.other(userPrincipalName, tlv(22, Buffer.from("ia5"))),
            ...upns.map((upn) => generalNames.other(userPrincipalName, utf8(upn))),
          ),
        ],
      });
      const variables = ["SSL_CLIENT_S_DN", "SSL_CLIENT_SAN_Email", "SSL_CLIENT_SAN_DNS", "SSL_CLIENT_SAN_OTHER_msUPN"];
      const read = dialect.read(dialect.write(visitOf(odd), { variables }));
      const told = texts.filter((text) => text !== "");
      assert.deepEqual([read?.emails, read?.dnsNames, read?.upns], [told, told, upns]);
    }); // prettier-ignore

    describe("refuses to read", () => {
      const subject = "SSL_CLIENT_S_DN";
      const verify = "SSL_CLIENT_VERIFY";
      const others = new Map(dialect.write(visitOf(mallory), { variables: [subject, "SSL_CLIENT_I_DN", "SSL_CLIENT_CERT", "SSL_CLIENT_SAN_Email", "SSL_CLIENT_SAN_DNS", "SSL_CLIENT_SAN_OTHER_msUPN"] })); // prettier-ignore
      const pem = grace.pem.trim().replaceAll("\n", " ");
      const beside = (name: string): HeaderLine[] => [["SSL_CLIENT_CERT", pem], [verify, "SUCCESS"], [name, others.get(name) ?? ""]]; // prettier-ignore
      const cases: Record<string, [lines: readonly HeaderLine[], code: string]> = {
        "no line at all": [[], "verification-missing"],
        "a subject without a verification": [without(verify), "verification-missing"],
        "a certificate without a verification": [[["SSL_CLIENT_CERT", pem]], "verification-missing"],
        "an empty verification": [replaced(verify, ""), "verification-failed"],
        GENEROUS: [replaced(verify, "GENEROUS"), "verification-failed"],
        "FAILED with a subject": [replaced(verify, "FAILED:x"), "verification-failed"],
        "NONE with a subject": [replaced(verify, "NONE"), "verification-failed"],
        "NONE with an empty subject": [[[verify, "NONE"], [subject, ""]], "verification-failed"],
        "NONE with a certificate": [[[verify, "NONE"], ["SSL_CLIENT_CERT", pem]], "verification-failed"],
        "success in lower case": [replaced(verify, "success"), "verification-failed"],
        "SUCCESS with something behind": [replaced(verify, "SUCCESS, NONE"), "verification-failed"],
        "SUCCESS without a subject": [without(subject), "subject-missing"],
        "an empty subject": [replaced(subject, ""), "subject-missing"],
        "an empty subject beside a certificate": [[...replaced(subject, ""), ["SSL_CLIENT_CERT", pem]], "subject-missing"],
        "the subject (null)": [replaced(subject, "(null)"), "name-malformed"],
        "a subject that is not UTF-8": [replaced(subject, "CN=Jos\xe9"), "name-malformed"],
        "an issuer that is none": [replaced("SSL_CLIENT_I_DN", "(null)"), "name-malformed"],
        "two subjects": [[...lines, [subject, "CN=Mallory"]], "subject-repeated"],
        "two certificates": [[...lines, ["SSL_CLIENT_CERT", pem], ["ssl-client-cert", pem]], "subject-repeated"],
        "two e-mail addresses of one number": [[...lines, ["SSL_CLIENT_SAN_Email_0", "a"], ["ssl-client-san-email-0", "b"]], "subject-repeated"],
        "two verifications": [[...lines, [verify, "SUCCESS"]], "subject-repeated"],
        "a certificate that is cut off": [[...lines, ["SSL_CLIENT_CERT", pem.slice(0, 200)]], "certificate-malformed"],
        "a certificate (null)": [[...lines, ["SSL_CLIENT_CERT", "(null)"]], "certificate-malformed"],
        "a certificate and text behind it": [[...lines, ["SSL_CLIENT_CERT", `${pem} x`]], "certificate-malformed"],
        "an e-mail address with half an escape": [[...lines, ["SSL_CLIENT_SAN_Email_0", "a\\4"]], "name-malformed"],
        "somebody else's subject beside the certificate": [beside(subject), "certificate-mismatch"],
        "somebody else's e-mail address beside the certificate": [beside("SSL_CLIENT_SAN_Email_0"), "certificate-mismatch"],
        "somebody else's host beside the certificate": [beside("SSL_CLIENT_SAN_DNS_0"), "certificate-mismatch"],
        "somebody else's UPN beside the certificate": [beside("SSL_CLIENT_SAN_OTHER_msUPN_0"), "certificate-mismatch"],
        "one e-mail address more than the certificate has": [[["SSL_CLIENT_CERT", pem], [verify, "SUCCESS"], ["SSL_CLIENT_SAN_Email_7", "x"]], "certificate-mismatch"],
      }; // prettier-ignore
      for (const [what, [given, code]] of Object.entries(cases)) {
        it(what, () => {
          for (const order of [given, given.toReversed()]) {
            assert.equal(outcomeOf(() => dialect.read(order)), code); // prettier-ignore
          }
        });
      }
    });
  });
}

it("mod_ssl keeps what is not ASCII, in UTF-8; ssl-client escapes it", () => {
  const who = withSubject(cn("é\u0085\u202e\n\\"));
  const variables = ["SSL_CLIENT_S_DN", "SSL_CLIENT_S_DN_CN"];
  assert.deepEqual(modSsl.write(visitOf(who), { variables }).slice(0, 2), [
    ["SSL_CLIENT_S_DN", `${toWire("CN=é\u0085\u202e")}\\0A\\\\`],
    ["SSL_CLIENT_S_DN_CN", `${toWire("é\u0085\u202e")}\\0A\\\\`],
  ]);
  assert.deepEqual(sslClient.write(visitOf(who), { variables }).slice(0, 2), [
    ["SSL_CLIENT_S_DN", String.raw`CN=\C3\A9\C2\85\E2\80\AE\0A\\`],
    ["SSL_CLIENT_S_DN_CN", String.raw`\C3\A9\C2\85\E2\80\AE\0A\\`],
  ]);
});

it("mod_ssl-legacy refuses a subject that its form cannot carry, but not the issuer", () => {
  const odd = withSubject(cn("Mallory/CN=Grace Hopper"));
  assert.equal(outcomeOf(() => modSslLegacy.write(visitOf(odd))), "subject-ambiguous"); // prettier-ignore
  const issued = modSslLegacy.write(visitOf({ ...grace, issuer: cn("Küche/x ") }));
  assert.deepEqual(issued[2], ["SSL_CLIENT_I_DN", String.raw`/CN=K\xC3\xBCche\/x\x20`]);
  const read = modSslLegacy.read(issued);
  assert.deepEqual([commonNameOf(read?.subject ?? []), read?.issuer], ["Grace Hopper", undefined]);
});
