/**
 * The private header in which the true address of the peer travels inside this process.
 * Only the capture of raw requests sets it; what a caller sends under this name is removed there.
 */
export const PEER_HEADER = "x-gatewright-peer";

/** The private header in which the target of a request travels to the console's pages, under the same protection. */
export const TARGET_HEADER = "x-gatewright-target";

/** The private header that leads a console's page to its response, under the same protection. */
export const PAGE_HEADER = "x-gatewright-page";
