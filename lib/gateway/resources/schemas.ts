// Made from the folders by `npm run check -- --fix`. Change those, not this file.
// biome-ignore-all assist/source/organizeImports: in the order of the folders
import { inOrder, type ResourceDescriptor } from "@/lib/definition/registry";
import { builtinDescriptor } from "./oauth2-builtin/schema";
import { graviteeAmDescriptor } from "./oauth2-gravitee-am/schema";
import { introspectionDescriptor } from "./oauth2-introspection/schema";
import { jwtDescriptor } from "./oauth2-jwt/schema";

const all: readonly ResourceDescriptor[] = [builtinDescriptor, graviteeAmDescriptor, introspectionDescriptor, jwtDescriptor];

/** Every resource type, in the order in which the console offers them. Safe for the browser. */
export const resourceDescriptors = inOrder(all, (descriptor) => descriptor);
