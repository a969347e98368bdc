import { endpointSecretSlots, endpointSecuritySentence } from "./describe";
import { endpointSecuritySchema, endpointSecurityTypes } from "./schema";

/** Describes endpoint security for forms, validation, and secret storage. Safe for the browser. */
export const endpointSecurityDescriptor = {
  schema: endpointSecuritySchema,
  types: endpointSecurityTypes,
  sentence: endpointSecuritySentence,
  secretSlots: endpointSecretSlots,
} as const;
