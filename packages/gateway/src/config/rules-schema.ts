/** The rules of a route: what may stand in gateway.yaml, and what it comes to. docs/rules.md is the page for people. */
import {
  attributeTypes,
  comparableText,
  IdentityError,
  parseRfc4514,
  type DistinguishedName,
} from "@sallyport/identity";
import { RE2JS, RE2JSException } from "re2js";
import { z } from "zod";
import { hexDigest, keyPin, serialNumber } from "./certificate-numbers.ts";
import { byShape, isGroup, listOf, quotedText, saysSomething } from "./shapes.ts";

type Check = (text: string) => string | undefined;

/** Adds what is wrong with a text as the problem of that text. */
const checked = (problemOf: Check) =>
  quotedText.superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem, input: text });
  });

const regex = z.strictObject({
  regex: checked((text) => {
    try {
      RE2JS.compile(text);
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error;
      return `is not a regular expression that RE2 knows: ${error.message}`;
    }
    return undefined;
  }),
});

/** In a glob it would never match: without effect where it allows, and a hole where it denies. */
const incomparable: Check = (glob) =>
  glob.includes("*") && comparableText(glob) === undefined
    ? "holds a character that has no comparison, and with * would match nobody: write it as a regex"
    : undefined;

/** Text, `{ regex }`, or a list of them. */
const patterns = (problemOf: Check = incomparable) => {
  const text = checked((glob) => problemOf(glob) ?? incomparable(glob));
  return listOf(byShape<string | { regex: string }>((given) => (isGroup(given) ? regex : text)));
};

/** `*flask.local` would be the address of everybody at evilflask.local. */
const notAnAddress: Check = (glob) =>
  glob === "*" || glob.split("@").length === 2
    ? undefined
    : 'must hold one @, as in "*@flask.local", or be "*" alone';

/** The scheme and the host up to the slash, or the first character of what is no host. */
const origin = /^[a-z][a-z0-9+.-]*:(?:\/\/[^/?#*]+\/|[^/*])/i;

const notAUri: Check = (glob) =>
  glob === "*" || (glob.includes("*") ? origin.test(glob) : /^[a-z][a-z0-9+.-]*:/i.test(glob))
    ? undefined
    : 'must begin with a scheme and a whole host before any *, as in "spiffe://flask.local/*", or be "*" alone';

const san = saysSomething(
  z.strictObject({
    email: patterns(notAnAddress).optional(),
    dns: patterns().optional(),
    uri: patterns(notAUri).optional(),
    upn: patterns(notAnAddress).optional(),
  }),
  "email, dns, uri and upn",
);

const wholeName = quotedText.transform((text, context): DistinguishedName => {
  const problem = (message: string) => {
    context.addIssue({ code: "custom", message, input: text });
    return z.NEVER;
  };
  if (text.includes("*"))
    return problem(
      'is a whole name, in which * is no pattern: write { CN: "..." } for one, or \\2A for an asterisk',
    );
  const parsed = parsedName(text);
  // A name without attributes is nobody's, or that of everybody whose subject is empty.
  return parsed && parsed.length > 0
    ? parsed
    : problem('is not a name by RFC 4514: write it as "CN=Grace Hopper,ST=Virginia,C=US"');
});

/** Arcs as X.660 has them, three at least (YAML takes two for a number): what no certificate can hold would never match. */
const dottedOid = /^(?:[01]\.(?:[0-9]|[1-3][0-9])|2\.(?:0|[1-9]\d*))(?:\.(?:0|[1-9]\d*))+$/;

const oidOf = (name: string) => attributeTypes.oidOf(name) ?? (dottedOid.test(name) ? name : undefined);

const attributes = z
  .record(
    z.string().refine((name) => oidOf(name) !== undefined),
    patterns(),
    {
      error: ({ code }) =>
        code === "invalid_key"
          ? "is no attribute: write CN, OU, O, C, ST, L, UID, emailAddress, serialNumber, another short name that OpenSSL has for names, or a dotted OID"
          : "must be a name such as CN=Grace Hopper,C=US, or a group such as { OU: Engineering }",
    },
  )
  .transform((given, context) => {
    const entries = Object.entries(given).map(([name, values]) => ({
      name,
      type: oidOf(name) ?? name,
      patterns: values,
    }));
    if (entries.length === 0)
      context.addIssue({ code: "custom", message: "names no attribute", input: given });
    entries.forEach(({ name, type }, at) => {
      const other = entries.findIndex((entry) => entry.type === type);
      if (other === at) return;
      const message = `is the attribute that ${entries[other]?.name ?? ""} is: write a list of values once`;
      context.addIssue({ code: "custom", message, path: [name], input: given });
    });
    return { attributes: entries.map(({ type, patterns: values }) => ({ type, patterns: values })) };
  });

const names = listOf(wholeName).transform((all) => ({ names: all }));

type NameSettings = z.infer<typeof attributes> | z.infer<typeof names>;

const name = byShape<NameSettings>((given) => (isGroup(given) ? attributes : names));

const condition = saysSomething(
  z.strictObject({
    subject: name.optional(),
    issuer: name.optional(),
    san: san.optional(),
    serial: listOf(serialNumber).optional(),
    fingerprint: listOf(hexDigest).optional(),
    spki: listOf(keyPin).optional(),
  }),
  "subject, issuer, san, serial, fingerprint and spki",
).superRefine(({ issuer, serial }, context) => {
  // Serial numbers are unique within one issuer's name, and nowhere else (RFC 5280 section 4.1.2.2).
  if (serial && !(issuer && "names" in issuer)) {
    const message = 'needs its issuer beside it as a whole name, issuer: "CN=...,C=..."';
    context.addIssue({ code: "custom", message, path: ["serial"], input: serial });
  }
});

type Who = "any" | z.infer<typeof condition>;

const any = z.literal("any", { error: "must be any, or a group such as { subject: { OU: Engineering } }" });
const who = byShape<Who>((given) => (isGroup(given) ? condition : any));

const ruleSchema = z
  .strictObject({
    allow: who.optional().meta({
      type: "object",
      description: "Who may pass: `any`, or a group of which everything must match.",
    }),
    deny: who.optional().meta({
      type: "object",
      description: "Who may not: what can stand under `allow`. Every rule has one of the two.",
    }),
  })
  .transform(({ allow, deny }, context) => {
    if (allow !== undefined && deny === undefined) return { effect: "allow" as const, who: allow };
    if (deny !== undefined && allow === undefined) return { effect: "deny" as const, who: deny };
    context.addIssue({ code: "custom", message: "must have exactly one of allow and deny" });
    return z.NEVER;
  });

export const rulesSchema = z
  .array(ruleSchema)
  .min(1, "is empty: it would deny everybody. Write { deny: any } for that, or leave rules out")
  .superRefine((rules, context) => {
    const last = rules.findIndex((entry) => entry.who === "any");
    if (last < 0) return;
    for (let at = last + 1; at < rules.length; at += 1) {
      const message = `is never reached: rule ${last + 1} decides for everybody`;
      context.addIssue({ code: "custom", message, path: [at], input: rules });
    }
  });

function parsedName(text: string): DistinguishedName | undefined {
  try {
    return parseRfc4514(text);
  } catch (error) {
    if (error instanceof IdentityError) return undefined;
    throw error;
  }
}
