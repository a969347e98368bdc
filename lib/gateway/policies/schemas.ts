// Made from the folders by `npm run check -- --fix`. Change those, not this file.
// biome-ignore-all assist/source/organizeImports: in the order of the folders
import { inOrder, type PolicyDescriptor } from "@/lib/definition/registry";
import { oauth2Descriptor } from "./oauth2/schema";
import { transformHeadersDescriptor } from "./transform-headers/schema";

const all: readonly PolicyDescriptor[] = [oauth2Descriptor, transformHeadersDescriptor];

/** Every policy, in the order in which the catalogue shows them. Safe for the browser. */
export const policyDescriptors = inOrder(all, (descriptor) => descriptor);
