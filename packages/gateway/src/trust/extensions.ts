/** Extensions (RFC 5280 section 4.2): those of certificates, of revocation lists and of their entries alike. */
import { childrenOf, readElement, readObjectIdentifier, tags, type Element } from "@sallyport/identity/der";

/** `value` is what the OCTET STRING holds. */
export type Extension = { readonly critical: boolean; readonly value: Buffer };

const booleanTag = 0x01;
const octetString = 0x04;
const certificateExtensions = 0xa3;

/**
 * @param elements the Extension elements
 * @returns by object identifier
 * @throws Error when one is malformed or there twice
 */
export function readExtensions(elements: Iterable<Element>): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  for (const element of elements) {
    const parts = childrenOf(element, tags.sequence);
    const [identifier, value] = [parts[0], parts.at(-1)];
    const flag = parts.length === 3 ? parts[1] : undefined;
    if (identifier === undefined || parts.length < 2 || parts.length > 3 || value?.tag !== octetString)
      throw new Error("no extension");
    const type = readObjectIdentifier(identifier);
    if (extensions.has(type)) throw new Error(`two extensions ${type}`);
    const critical = flag !== undefined && readBoolean(flag, booleanTag);
    extensions.set(type, { critical, value: value.content });
  }
  return extensions;
}

/** @param tag BOOLEAN's own, or the context tag that stands for it. @throws Error */
export function readBoolean(element: Element, tag: number): boolean {
  const [octet] = element.content;
  if (element.tag !== tag || element.content.length !== 1 || (octet !== 0 && octet !== 0xff))
    throw new Error("no BOOLEAN");
  return octet === 0xff;
}

/** The extensions of a certificate, none in one of version 1. @throws Error */
export function extensionsOf(certificate: Buffer): ReadonlyMap<string, Extension> {
  const [tbs] = childrenOf(readElement(certificate), tags.sequence);
  const fields = tbs === undefined ? [] : childrenOf(tbs, tags.sequence);
  const wrapper = fields.find(({ tag }) => tag === certificateExtensions);
  return readExtensions(wrapper === undefined ? [] : childrenOf(readElement(wrapper.content), tags.sequence));
}
