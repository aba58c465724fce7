/** One HTTP exchange for what is public and signed: a CRL, an OCSP answer. Bounded in size and in time. */

export type FetchOptions = {
  readonly method?: "GET" | "POST";
  readonly body?: Uint8Array;
  readonly contentType?: string;
  readonly accept?: string;
  /** The longest body that is taken, in octets, after any content coding has been undone. */
  readonly limit: number;
  /** For the whole exchange, in milliseconds. */
  readonly timeout: number;
};

/**
 * Fetches what stands at an http: or https: URL. Redirects are not followed: a responder that is asked by its address in
 * a certificate has no business sending us to another, possibly internal, one.
 * @throws Error whose message is a sentence that names the URL
 */
export async function fetchOctets(
  url: string,
  options: FetchOptions,
): Promise<{ octets: Buffer; headers: Headers }> {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ""))
    throw new Error(`${url} is no http: or https: address.`);
  const { method = "GET", body, contentType, accept, limit, timeout } = options;
  try {
    const response = await fetch(url, {
      method,
      ...(body && { body: new Uint8Array(body) }),
      headers: { ...(contentType && { "content-type": contentType }), ...(accept && { accept }) },
      redirect: "error",
      signal: AbortSignal.timeout(timeout),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new UnusableAnswer(`${url} answered ${response.status} instead of 200.`);
    }
    return { octets: await readBody(response, limit), headers: response.headers };
  } catch (error) {
    if (error instanceof UnusableAnswer) throw error;
    if (error instanceof Error && error.name === "TimeoutError")
      throw new Error(`${url} did not answer in full within ${timeout / 1000} s.`, { cause: error });
    throw new Error(`${url} could not be fetched: ${reasonOf(error)}.`, { cause: error });
  }

  async function readBody(response: Response, most: number): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    const arriving: AsyncIterable<Uint8Array> | null = response.body;
    let length = 0;
    // Leaving the loop cancels the body: what is too long is not read to its end.
    for await (const chunk of arriving ?? []) {
      length += chunk.byteLength;
      if (length > most) throw new UnusableAnswer(`${url} answered with more than ${most} octets.`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

/** Already the sentence that the caller gets. */
class UnusableAnswer extends Error {}

/** fetch says "fetch failed" of everything; why is in the cause, or in the cause's code. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  const { code } = cause as NodeJS.ErrnoException;
  return code ?? cause.message;
}
