import { version } from "../../package.json";

/** The `User-Agent` of own requests (RFC 9110, 10.1.5). Some firewalls reject requests without one. */
export const USER_AGENT = `gatewright/${version}`;
