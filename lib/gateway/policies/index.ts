// Made from the folders by `npm run check -- --fix`. Change those, not this file.
// biome-ignore-all assist/source/organizeImports: in the order of the folders
import { inOrder } from "@/lib/definition/registry";
import type { Policy } from "./contract";
import { oauth2Policy } from "./oauth2/handler";
import { transformHeadersPolicy } from "./transform-headers/handler";

const all: readonly Policy[] = [oauth2Policy, transformHeadersPolicy];

/** Every policy with its handlers, in the order of policies/schemas.ts. */
export const policies = inOrder(all, ({ descriptor }) => descriptor);
