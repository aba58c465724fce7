/** The one stylesheet, at an address that changes with its content, so that it may be kept for ever. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Request, Response } from "express";

const css = readFileSync(new URL("style.css", import.meta.url), "utf8");
const fingerprint = createHash("sha256").update(css).digest("hex").slice(0, 12);

export const stylesheet = {
  /** Where the app serves it; the link in a page goes through the mount prefix. */
  path: `/style-${fingerprint}.css`,
  answer: (_request: Request, response: Response): void => {
    response.set("Cache-Control", "public, max-age=31536000, immutable").type("text/css").send(css);
  },
} as const;
