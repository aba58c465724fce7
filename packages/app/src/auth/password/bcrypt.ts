/**
 * bcrypt, `$2b$12$…`: read, never written. It is worked out in JavaScript, on the thread that answers requests, in slices
 * of at most a tenth of a second: dear, and once for each person, because the next login keeps the password anew.
 */
import { compare } from "bcryptjs";
import type { Scheme } from "./scheme.ts";

const form = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const mostRounds = 15; // 2 to the power of; each one more doubles the time

export const bcryptScheme: Scheme = {
  read(stored) {
    const rounds = Number(form.exec(stored)?.[1]);
    if (!(rounds >= 4 && rounds <= mostRounds)) return undefined;
    return {
      current: false,
      // bcrypt sees 72 octets of a password. Who has a longer one got in by those, and does so once more.
      verify: (password) => compare(password, stored),
    };
  },
};
