/** `512`, `64KiB`, `10MiB`, `2GiB` -> octets. */
import { z } from "zod";

const units = new Map([
  ["", 1],
  ["KiB", 1024],
  ["MiB", 1024 ** 2],
  ["GiB", 1024 ** 3],
]);

export const size = z.preprocess(
  (given) => (typeof given === "number" ? String(given) : given),
  z
    .string({ error: "must be a number of octets, such as 512, 64KiB, 10MiB or 2GiB" })
    .regex(/^\d{1,12}(?:KiB|MiB|GiB)?$/, {
      error: "must be a number of octets, such as 512, 64KiB, 10MiB or 2GiB",
      abort: true,
    })
    .transform((text) => parseInt(text, 10) * (units.get(text.replace(/\d+/, "")) ?? 1)),
);
