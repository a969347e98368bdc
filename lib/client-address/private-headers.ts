// Headers that the console's raw capture sets for its own routes and pages. It removes a client's own, however they are spelled.

/** Tells routes the address of the peer. */
export const PEER_HEADER = "x-gatewright-peer";

/** Tells pages the request target. */
export const TARGET_HEADER = "x-gatewright-target";

/** Leads a page to its response. */
export const PAGE_HEADER = "x-gatewright-page";
