import { version } from "../../package.json";

/** How Gatewright names itself to other servers. Firewalls reject requests without a name (RFC 9110, 10.1.5). */
export const USER_AGENT = `gatewright/${version}`;
