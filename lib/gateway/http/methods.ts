import { METHODS } from "@/lib/definition/schema";

/** Without TRACE, which reflects credentials, and CONNECT, which opens a tunnel. */
const METHODS_REFUSED = new Set(["TRACE", "CONNECT"]);
const METHODS_LISTED: ReadonlySet<string> = new Set(METHODS);

/** Whether a method is forwarded. A method that flows can't list would bypass every flow with methods. */
export const passesMethod = (method: string, listsMethods: boolean): boolean =>
  !METHODS_REFUSED.has(method) && (!listsMethods || METHODS_LISTED.has(method));
