import { environment } from "../env";
import { singleton } from "../singleton";
import { createOutbound, type Outbound } from "./connector";

/** This process's connections to URLs that a definition or a client sets. */
export const outbound = (): Outbound => singleton("outbound", () => createOutbound(environment().outbound));
