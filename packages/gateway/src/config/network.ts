/** An address, or a network of them: `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.7`. */
import { z } from "zod";

const forms = [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()];

export const network = z
  .string()
  .refine((text) => forms.some((form) => form.safeParse(text).success), {
    error: "must be an address, or a network such as 10.0.0.0/8 or 2001:db8::/32",
    abort: true,
  })
  .refine((text) => !/\/0+$/.test(text), "is everybody: name those whose word is to be taken");
