import type { ResourceDescriptor } from "@/lib/definition/registry";
import { builtinDescriptor } from "./oauth2-builtin/schema";
import { graviteeAmDescriptor } from "./oauth2-gravitee-am/schema";
import { introspectionDescriptor } from "./oauth2-introspection/schema";
import { jwtDescriptor } from "./oauth2-jwt/schema";

/** Every resource type, in the order in which the console offers them. Safe for the browser. */
export const resourceDescriptors: readonly ResourceDescriptor[] = [
  introspectionDescriptor,
  builtinDescriptor,
  jwtDescriptor,
  graviteeAmDescriptor,
];
