import { endpointSecretSlots, endpointSecuritySentence } from "./describe";
import { endpointSecuritySchema, endpointSecurityTypes } from "./schema";

/** All that forms, validation and the storage of secrets need to know of endpoint security. Safe for the browser. */
export const endpointSecurityDescriptor = {
  schema: endpointSecuritySchema,
  types: endpointSecurityTypes,
  sentence: endpointSecuritySentence,
  secretSlots: endpointSecretSlots,
} as const;
