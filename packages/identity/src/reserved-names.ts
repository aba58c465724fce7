/**
 * Every header name that carries identity in some system, folded. What is reserved is dropped from each client's request
 * on every listener, whether or not a route speaks that dialect: the backend may listen for it all the same.
 */
import { dialects } from "./dialects/index.ts";
import { foldName } from "./fold-name.ts";

/** Names that other proxies set and backends trust; each dialect of this package adds its own. */
const foreignNames = [
  "x_ssl", "x_client_cert", "x_forwarded",
  "client_cert", "client_cert_chain", // RFC 9440
  "forwarded", // RFC 7239
  "authenticated_user", "auth_user", "auth_type", "https", "proxy", // CGI and its kin; `Proxy` is CVE-2016-5385
  "path_info", "script_name", "x_script_name", // where the application believes it is mounted
  "x_original_uri", "x_original_url", "x_rewrite_url", "x_original_method", // another resource than the one authorised
  "x_real_ip", "x_client_ip", "x_cluster_client_ip", "true_client_ip", "x_envoy_external_address",
  "x_arr_clientcert", "x_client_certificate", "x_client_dn", "x_webauth_user", "x_user",
]; // prettier-ignore

const foreignFamilies = [
  ...dialects.flatMap((dialect): readonly string[] => dialect.headerFamilies),
  "ssl_", "x_ssl_", "client_cert_", // mod_ssl, nginx, HAProxy
  "remote_", "x_remote_", "x_auth_request_", "x_authenticated_", // Authelia, oauth2-proxy
  "x_forwarded_", // Envoy, Traefik, oauth2-proxy and the address family
  "x_client_cert_", "x_client_verify", "x_amzn_mtls_", "x_amzn_oidc_", "cf_client_cert_", "cloudfront_viewer_cert_",
  "x_goog_authenticated_", "x_goog_iap_", "x_pomerium_", "tls_client_", "x_tls_client_",
  "sallyport_", // ours
]; // prettier-ignore

const reservedNames = new Set([
  ...foreignNames,
  ...dialects.flatMap((dialect) => dialect.headerNames.map(foldName)),
]);

/**
 * Whether a header is the gateway's alone to write.
 * @param folded a name as {@link foldName} gives it
 */
export function isReserved(folded: string): boolean {
  return reservedNames.has(folded) || foreignFamilies.some((family) => folded.startsWith(family));
}
