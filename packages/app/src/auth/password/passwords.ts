/** Keeps passwords as argon2id hashes, and verifies them, those of older systems too. */
import { availableParallelism } from "node:os";
import { argon2Scheme, hashArgon2id, recommendedCost, type Cost } from "./argon2id.ts";
import { bcryptScheme } from "./bcrypt.ts";
import { longestPassword } from "./password-rules.ts";
import { preparedPassword } from "./prepared-password.ts";
import { openTurnstile } from "./turnstile.ts";
import { werkzeugScheme } from "./werkzeug.ts";

export type Verified = {
  readonly ok: boolean;
  /** The password is right and kept in an older way: keep `hash(password)` in the place of what is stored. */
  readonly rehash: boolean;
};

/** Each of the three rejects with a LineFullError (503) when more is asked than the machine can do soon. */
export type Passwords = {
  /** @returns what to store: `$argon2id$v=19$m=19456,t=2,p=1$…` */
  readonly hash: (password: string) => Promise<string>;
  /**
   * Whether it is this password. What is stored and cannot be understood (damaged, made by an unknown scheme, at an absurd
   * cost) is nobody's password: `ok` is false, after as long as it takes for others.
   */
  readonly verify: (password: string, stored: string) => Promise<Verified>;
  /** Takes as long as {@link verify} and says no: for a name that nobody has, so that time does not tell which names exist. */
  readonly dummy: (password: string) => Promise<Verified>;
};

export type PasswordsOptions = {
  /** How many hashes are worked out at a time: each takes 19 MiB and a thread of Node's pool of four. */
  readonly parallel?: number;
  /** How many wait for their turn beside them. */
  readonly waiting?: number;
  /** Cheaper ones are for tests. */
  readonly cost?: Cost;
};

const wrong: Verified = { ok: false, rehash: false };

export function openPasswords({
  parallel = Math.min(availableParallelism(), 3), // one thread of the pool is left for files and names
  waiting = 32, // two seconds' worth on one slow core
  cost = recommendedCost,
}: PasswordsOptions = {}): Passwords {
  const inTurn = openTurnstile({ parallel, waiting });
  const ours = argon2Scheme(cost);
  const foreign = [werkzeugScheme, bcryptScheme];
  // Nobody's: it is compared with like any other, and its tag is random.
  const nobodys = ours.read(`$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=1$${"A".repeat(22)}$${"A".repeat(43)}`); // prettier-ignore
  const dummy = async (password: string): Promise<Verified> => {
    if (password.length > 2 * longestPassword) return wrong;
    await inTurn(async () => nobodys?.verify(preparedPassword(password)));
    return wrong;
  };
  return {
    hash: (password) => inTurn(() => hashArgon2id(preparedPassword(password), cost)),
    dummy,
    async verify(password, stored) {
      // A code point is at most two units: nobody has such a password, and time tells nothing but its length.
      if (password.length > 2 * longestPassword) return wrong;
      const own = ours.read(stored);
      const kept = own ?? foreign.map((scheme) => scheme.read(stored)).find((found) => found !== undefined);
      if (!kept) return dummy(password);
      // What others have hashed, they have hashed as it was typed.
      const ok = await inTurn(() => kept.verify(own ? preparedPassword(password) : password));
      return ok ? { ok, rehash: !kept.current } : wrong;
    },
  };
}
