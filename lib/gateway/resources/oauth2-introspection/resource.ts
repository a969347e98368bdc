import type { ResourceType } from "../contract";
import { compileIntrospection, introspectionIdentity } from "../introspection/checker";
import type { QuestionForm } from "../introspection/request";
import { type IntrospectionConfig, introspectionConfigSchema, introspectionDescriptor } from "./schema";

function credentialsOf(config: IntrospectionConfig): QuestionForm["credentials"] {
  if (config.clientAuthentication === "body") return { in: "body" };
  if (config.clientAuthentication === "basic") return { in: "header", name: "authorization", scheme: "Basic" };
  return { in: "header", name: config.clientAuthenticationHeader, scheme: config.clientAuthenticationScheme };
}

/** Asks any authorization server by introspection, and keeps what it says for a bounded time. */
export const introspectionResource: ResourceType = {
  descriptor: introspectionDescriptor,
  identity: (config, context) => introspectionIdentity(introspectionDescriptor.type, introspectionConfigSchema.parse(config), context),
  compile(rawConfig, context) {
    const config = introspectionConfigSchema.parse(rawConfig);
    const { method, tokenLocation, tokenName, clientId, basicEncoding } = config;
    const question: QuestionForm = {
      endpoint: config.introspectionEndpoint,
      method,
      tokenLocation,
      tokenName,
      clientId,
      credentials: credentialsOf(config),
      basicEncoding,
    };
    return compileIntrospection({ ...config, question }, context);
  },
};
