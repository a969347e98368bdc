import { METHODS } from "@/lib/definition/schema";

/** TRACE would reflect the caller's credentials, CONNECT would make the gateway a tunnel. */
const METHODS_REFUSED = new Set(["TRACE", "CONNECT"]);
const METHODS_LISTED: ReadonlySet<string> = new Set(METHODS);

/** Whether calls with this method are passed on. A method that no flow can list would get past every flow that lists methods. */
export const passesMethod = (method: string, listsMethods: boolean): boolean =>
  !METHODS_REFUSED.has(method) && (!listsMethods || METHODS_LISTED.has(method));
