import type { ResourceType } from "./contract";
import { builtinResource } from "./oauth2-builtin/resource";
import { graviteeAmResource } from "./oauth2-gravitee-am/resource";
import { introspectionResource } from "./oauth2-introspection/resource";
import { jwtResource } from "./oauth2-jwt/resource";

/** Every resource type with its handler, in the order of resources/schemas.ts. */
export const resourceTypes: readonly ResourceType[] = [introspectionResource, builtinResource, jwtResource, graviteeAmResource];
