/** What one client may take of everybody's: time, octets, and a connection that nobody is at the other end of. */

export const limits = {
  // Said outright, so that no NODE_OPTIONS of the machine can make the parser lenient.
  insecureHTTPParser: false,
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 2_000,
  handshakeTimeout: 10_000,
  proxyHeaderTimeout: 5_000,
  // TCP asks whether a silent client is still there: a WebSocket's has no other limit, and may have lost its network.
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
  // Node would answer by itself, and nobody would know of it: the headers room asks for exactly one Host.
  requireHostHeader: false,
  // A request without a body needs no stream to read it from.
  optimizeEmptyRequests: true,
};

export type Limits = Readonly<typeof limits>;
