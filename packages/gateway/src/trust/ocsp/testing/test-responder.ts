/** A responder of one's own, which says what no other would. Its ASN.1 is a library's: a second opinion on ours. */
import { createHash, sign } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier, Certificate, Extension, Name } from "@peculiar/asn1-x509";
import * as ocsp from "@peculiar/asn1-ocsp";
import type { Holder } from "../../testing/test-authority.ts";
import { certificateParts } from "../certificate-parts.ts";

export type Said = {
  readonly status?: "good" | "revoked" | "unknown";
  /** Milliseconds from now. */
  readonly thisUpdate?: number;
  readonly nextUpdate?: number | undefined;
  readonly nonce?: "echo" | "none" | Buffer;
  readonly certId?: (certId: ocsp.CertID) => void;
  readonly single?: (single: ocsp.SingleResponse) => void;
  readonly data?: (data: ocsp.ResponseData) => void;
  readonly by?: "name" | "key";
  readonly signer: Holder;
  /** Who the answer says has signed it; the signer, unless given. */
  readonly namedSigner?: Holder;
  /** Sent along. */
  readonly certificates?: readonly Holder[];
};

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

const inSeconds = (fromNow: number) => new Date(Math.floor((Date.now() + fromNow) / 1000) * 1000);
const arrayBuffer = (octets: Uint8Array) => Uint8Array.from(octets).buffer;
const parts = ({ certificate }: Holder) => certificateParts(certificate.der);

export function readRequest(octets: Buffer): ocsp.OCSPRequest {
  return AsnConvert.parse(octets, ocsp.OCSPRequest);
}

/** The serial number asked about, upper-case hex. */
export function serialOf(octets: Buffer): string {
  const [request] = readRequest(octets).tbsRequest.requestList;
  if (request === undefined) throw new Error("nothing was asked");
  return Buffer.from(request.reqCert.serialNumber).toString("hex").toUpperCase();
}

/** What the nonce's extension of a request holds, in hex. */
export function nonceOf(octets: Buffer): string {
  return Buffer.from(nonceExtensionOf(octets)?.extnValue.buffer ?? new ArrayBuffer(0)).toString("hex");
}

const nonceType = "1.3.6.1.5.5.7.48.1.2";

function nonceExtensionOf(octets: Buffer): Extension | undefined {
  return readRequest(octets).tbsRequest.requestExtensions?.find(({ extnID }) => extnID === nonceType);
}

const algorithms = {
  ec: "1.2.840.10045.4.3.2",
  rsa: "1.2.840.113549.1.1.11",
} as const;

/** The answer to a request, in DER. */
export function makeResponse(requestOctets: Buffer, said: Said): Buffer {
  const [request] = readRequest(requestOctets).tbsRequest.requestList;
  if (request === undefined) throw new Error("nothing was asked");
  said.certId?.(request.reqCert);
  const {
    status = "good",
    thisUpdate = -second,
    by = "name",
    nonce = "echo",
    signer,
    namedSigner = signer,
  } = said;
  const nextUpdate = "nextUpdate" in said ? said.nextUpdate : hour;
  const single = new ocsp.SingleResponse({
    certID: request.reqCert,
    certStatus: new ocsp.CertStatus(
      status === "revoked"
        ? { revoked: new ocsp.RevokedInfo({ revocationTime: inSeconds(-hour) }) }
        : { [status]: null },
    ),
    thisUpdate: inSeconds(thisUpdate),
    ...(nextUpdate !== undefined && { nextUpdate: inSeconds(nextUpdate) }),
  });
  said.single?.(single);
  const own = nonceExtensionOf(requestOctets);
  const nonceBack =
    nonce === "none" ? undefined : nonce === "echo" ? own : new Extension({ extnID: nonceType, extnValue: new OctetString(nonce) }); // prettier-ignore
  const keyHash = createHash("sha1").update(parts(namedSigner).publicKey).digest();
  const data = new ocsp.ResponseData({
    responderID: new ocsp.ResponderID(
      by === "name"
        ? { byName: AsnConvert.parse(parts(namedSigner).subject, Name) }
        : { byKey: new ocsp.KeyHash(keyHash) },
    ),
    producedAt: inSeconds(0),
    responses: [single],
    ...(nonceBack && { responseExtensions: [nonceBack] }),
  });
  said.data?.(data);
  const signature = sign("sha256", Buffer.from(AsnConvert.serialize(data)), signer.key);
  const algorithm = algorithms[signer.key.asymmetricKeyType === "rsa" ? "rsa" : "ec"];
  const basic = new ocsp.BasicOCSPResponse({
    tbsResponseData: data,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm }),
    signature: arrayBuffer(signature),
    ...(said.certificates && {
      certs: said.certificates.map(({ certificate }) => AsnConvert.parse(certificate.der, Certificate)),
    }),
  });
  return wrap(0, Buffer.from(AsnConvert.serialize(basic)));
}

/** @param basic left out where the status is not `successful` (0) */
export function wrap(status: number, basic?: Buffer): Buffer {
  const response = new ocsp.OCSPResponse({
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- any number that fits
    responseStatus: status,
    ...(basic && {
      responseBytes: new ocsp.ResponseBytes({
        responseType: ocsp.id_pkix_ocsp_basic,
        response: new OctetString(basic),
      }),
    }),
  });
  return Buffer.from(AsnConvert.serialize(response));
}

/** What it does with a request: octets to answer with, or whatever it wants with the response itself. */
export type Behaviour = (
  request: Buffer,
  response: ServerResponse,
  incoming: IncomingMessage,
) => Buffer | undefined;

export type TestResponder = {
  readonly url: string;
  /** The requests that came, oldest first. */
  readonly requests: readonly Buffer[];
  readonly behave: (behaviour: Behaviour) => void;
  /** From now on nobody listens at the URL, until `resume`. */
  readonly suspend: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function startResponder(behaviour: Behaviour): Promise<TestResponder> {
  const requests: Buffer[] = [];
  let current = behaviour;
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const request = Buffer.concat(chunks);
      requests.push(request);
      const octets = current(request, response, incoming);
      if (octets) response.setHeader("content-type", "application/ocsp-response").end(octets);
    });
  });
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const suspend = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    behave: (next) => (current = next),
    suspend,
    resume: async () => {
      if (!server.listening) await listen(port);
    },
    close: suspend,
  };
}
