import { environment } from "../env";
import { singleton } from "../singleton";
import { createOutbound, type Outbound } from "./connector";

/** What opens the connections of this process to places that a definition or a client names. */
export const outbound = (): Outbound => singleton("outbound", () => createOutbound(environment().outbound));
