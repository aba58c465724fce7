import { CertsError, readRequest } from "@sallyport/certs";
import { requestIn } from "./request-in.ts";

export type Readable =
  | { readonly csr: string | Buffer; readonly problem?: undefined }
  /** What to tell the sender. */
  | { readonly csr?: undefined; readonly problem: string };

/** A request whose sender has been seen to have the key; or what is wrong with it, before any right is used up. */
export async function readableRequest(body: unknown): Promise<Readable> {
  const csr = requestIn(body);
  if (csr === undefined) {
    return {
      problem:
        "The body is not base64. Send the request's DER: openssl req -new ... -outform DER | openssl base64",
    };
  }
  try {
    await readRequest(csr);
    return { csr };
  } catch (error) {
    if (!(error instanceof CertsError)) throw error;
    return { problem: error.message };
  }
}
