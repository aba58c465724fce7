/** Whose certificates are believed, and who is asked whether they still hold. */
import { z } from "zod";
import { duration } from "./duration.ts";

const file = z.string().min(1);

const isAddress = (text: string) => /^https?:\/\/\S+$/.test(text) && URL.canParse(text);

const revocationSource = z
  .strictObject({
    crl: z
      .string()
      .min(1)
      .refine(
        (text) => !text.includes("://") || isAddress(text),
        "must be a file, a folder, cdp, or an address that begins with http://",
      )
      .optional()
      .describe(
        "A revocation list: a file (PEM or DER), a folder of them, an `http://` address, or `cdp` for the address that each certificate names.",
      ),
    ocsp: z
      .string()
      .refine(
        (text) => text === "aia" || isAddress(text),
        "must be aia or the address of a responder, http://ocsp.example/",
      )
      .optional()
      .describe("An OCSP responder's address, or `aia` for the one that each certificate names."),
    denyList: file
      .optional()
      .describe("A YAML file with serial numbers or fingerprints that are refused; see docs/revocation.md."),
    whenUnknown: z
      .enum(["refuse", "allow"])
      .optional()
      .describe(
        "What follows when this source cannot tell: `refuse` answers 503, `allow` asks the next one. `refuse`, unless given.",
      ),
    staleAfter: duration
      .optional()
      .describe(
        "How long a revocation list may be used past its nextUpdate, `24h`. Not at all, unless given.",
      ),
  })
  .superRefine(({ crl, ocsp, denyList, whenUnknown, staleAfter }, context) => {
    const kinds = [crl, ocsp, denyList].filter((kind) => kind !== undefined).length;
    const problem = (message: string, ...path: string[]) => {
      context.addIssue({ code: "custom", message, path });
    };
    if (kinds !== 1) problem("must have exactly one of crl, ocsp and denyList");
    if (staleAfter !== undefined && crl === undefined)
      problem("has no meaning here: only a crl can be stale", "staleAfter");
    if (whenUnknown !== undefined && denyList !== undefined)
      problem("has no meaning for a denyList, which always knows", "whenUnknown");
  });

export const presence = z.enum(["required", "optional"]);

export const clients = z.strictObject({
  authorities: z
    .array(file)
    .min(1)
    .describe(
      "PEM files with the authorities whose client certificates are accepted, roots and intermediates, and no others.",
    ),
  advertise: z
    .array(file)
    .min(1)
    .optional()
    .describe(
      "PEM files with those of them whose names are told to clients, so that browsers offer fitting certificates; a client that asks for no name (SNI) is told none. All of them, unless given.",
    ),
  presence: presence
    .default("required")
    .describe(
      "`optional` lets clients without a certificate in as anonymous. A bad certificate is refused in both cases.",
    ),
  depth: z
    .int()
    .min(0)
    .max(10)
    .default(1)
    .describe(
      "How many authorities may stand above a client's certificate, the root included: as Apache's SSLVerifyDepth counts.",
    ),
  revocation: z
    .array(revocationSource)
    .superRefine((sources, context) => {
      const kindOf = ({ crl, ocsp, denyList }: (typeof sources)[number]) =>
        JSON.stringify([crl, ocsp, denyList]);
      sources.forEach((source, at) => {
        if (sources.findIndex((other) => kindOf(other) === kindOf(source)) < at)
          context.addIssue({ code: "custom", message: "is there twice", path: [at] });
      });
    })
    .default([])
    .describe("Who is asked whether a certificate still holds. Each of them is asked, in this order."),
  insecureWeakKeys: z
    .boolean()
    .default(false)
    .describe("Accepts RSA keys under 2048 bits, other curves, and signatures with SHA-1."),
});

export type ClientsConfig = z.infer<typeof clients>;
