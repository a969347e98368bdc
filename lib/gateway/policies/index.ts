import type { Policy } from "./contract";
import { oauth2Policy } from "./oauth2/handler";
import { transformHeadersPolicy } from "./transform-headers/handler";

/** Every policy with its handlers, in the order of policies/schemas.ts. */
export const policies: readonly Policy[] = [oauth2Policy, transformHeadersPolicy];
