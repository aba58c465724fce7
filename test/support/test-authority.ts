/** A certificate authority that lives as long as one test: its files for the gateway, its certificates for clients. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createAuthority,
  issueCertificate,
  profiles,
  type CertificateRequest,
  type Issued,
  type Subject,
} from "@sallyport/certs";
import type { Scope } from "./scope.ts";
import { tempFolder } from "./temp-folder.ts";

/** What a TLS client presents: PEM, the leaf first. */
export type Identity = { readonly cert: string; readonly key: string };

export type TestAuthority = {
  readonly folder: string;
  readonly root: Issued;
  readonly rootFile: string;
  readonly serverCertificateFile: string;
  readonly serverKeyFile: string;
  readonly grace: Identity;
  /** A client certificate of this authority, unless the request says otherwise. */
  readonly issue: (
    subject: Subject | string,
    request?: Omit<CertificateRequest, "subject">,
  ) => Promise<Identity>;
};

export const rootName: Subject = [
  { type: "C", value: "US" },
  { type: "ST", value: "Virginia" },
  { type: "CN", value: "Test Root" },
];

/** How Grace's subject reads in the dialects: RFC 4514, and Apache's slash form. */
export const graceSubject = "CN=Grace Hopper,ST=Virginia,C=US";
export const graceSlashForm = "/C=US/ST=Virginia/CN=Grace Hopper";

const keyAlgorithm = "ec-p256"; // RSA keys take a hundred times longer to make

export async function createTestAuthority(scope: Scope): Promise<TestAuthority> {
  const folder = await tempFolder(scope);
  const root = await createAuthority({ subject: rootName, keyAlgorithm });
  const issue: TestAuthority["issue"] = async (subject, request) => {
    const issued = await issueCertificate({
      subject: typeof subject === "string" ? person(subject) : subject,
      issuer: root,
      keyAlgorithm,
      ...request,
    });
    return { cert: issued.certificatePem, key: issued.privateKeyPem };
  };
  const server = await issue(
    [
      { type: "OU", value: "Test Unit" },
      { type: "CN", value: "*.flask.local" },
    ],
    {
      profile: { ...profiles.server, keyAlgorithm },
      alternativeNames: [
        { type: "dns", value: "flask.local" },
        { type: "dns", value: "localhost" },
        { type: "ip", value: "127.0.0.1" },
      ],
    },
  );
  const files = {
    rootFile: join(folder, "root.pem"),
    serverCertificateFile: join(folder, "server.crt"),
    serverKeyFile: join(folder, "server.key"),
  };
  await writeFile(files.rootFile, root.certificatePem);
  await writeFile(files.serverCertificateFile, server.cert);
  await writeFile(files.serverKeyFile, server.key, { mode: 0o600 });
  return { folder, root, ...files, issue, grace: await issue("Grace Hopper") };
}

function person(commonName: string): Subject {
  return [
    { type: "C", value: "US" },
    { type: "ST", value: "Virginia" },
    { type: "CN", value: commonName },
  ];
}
