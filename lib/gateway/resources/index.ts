// Made from the folders by `npm run check -- --fix`. Change those, not this file.
// biome-ignore-all assist/source/organizeImports: in the order of the folders
import { inOrder } from "@/lib/definition/registry";
import type { ResourceType } from "./contract";
import { builtinResource } from "./oauth2-builtin/resource";
import { graviteeAmResource } from "./oauth2-gravitee-am/resource";
import { introspectionResource } from "./oauth2-introspection/resource";
import { jwtResource } from "./oauth2-jwt/resource";

const all: readonly ResourceType[] = [builtinResource, graviteeAmResource, introspectionResource, jwtResource];

/** Every resource type with its handler, in the order of resources/schemas.ts. */
export const resourceTypes = inOrder(all, ({ descriptor }) => descriptor);
