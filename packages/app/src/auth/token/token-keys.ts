/** Keys that tokens are signed with. */
import type { AppKeys } from "../app-keys.ts";

export type TokenKey = {
  /** Says which key, not what it is. */
  readonly kid: string;
  readonly key: Uint8Array;
};

/** A key for tokens and its name, both from the app's secret, neither to be had from the other. */
export function tokenKey(keys: Pick<AppKeys, "keyFor">): TokenKey {
  return {
    kid: keys.keyFor("name of the token key").subarray(0, 9).toString("base64url"),
    key: new Uint8Array(keys.keyFor("token key")),
  };
}
