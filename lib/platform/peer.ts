/**
 * Internal header with the peer's real address. Only the raw request capture sets it, and it removes a client's own.
 */
export const PEER_HEADER = "x-gatewright-peer";

/** Internal header with the request target for the console's pages, protected in the same way. */
export const TARGET_HEADER = "x-gatewright-target";

/** The private header that leads a console's page to its response, under the same protection. */
export const PAGE_HEADER = "x-gatewright-page";
