/** How long a cipher's key is, told from OpenSSL's name for the cipher suite. */

export type CipherBits = {
  /** Bits that are secret, and bits that the algorithm takes: they differ in Triple-DES alone. */
  readonly used: number;
  readonly algorithm: number;
};

const patterns: readonly (readonly [RegExp, CipherBits])[] = [
  [/(?:AES|ARIA|CAMELLIA)[_-]?256|CHACHA20/, { used: 256, algorithm: 256 }],
  [/(?:AES|ARIA|CAMELLIA)[_-]?128/, { used: 128, algorithm: 128 }],
  [/3DES|DES-CBC3/, { used: 112, algorithm: 168 }],
];

/** @returns `undefined` for a cipher that we do not know */
export function cipherBits(name: string): CipherBits | undefined {
  return patterns.find(([pattern]) => pattern.test(name))?.[1];
}
