import type { ResourceType } from "../contract";
import { compileIntrospection, introspectionIdentity } from "../introspection/checker";
import { type GraviteeAmConfig, graviteeAmConfigSchema, graviteeAmDescriptor } from "./schema";

/** Where a security domain introspects. The server's URL may have a path, and may end in slashes. */
export function introspectionEndpoint({
  serverUrl,
  version,
  securityDomain,
}: Pick<GraviteeAmConfig, "serverUrl" | "version" | "securityDomain">) {
  return `${serverUrl.replace(/\/+$/, "")}/${encodeURIComponent(securityDomain)}/oauth/${version === "V1" ? "check_token" : "introspect"}`;
}

/** Asks a security domain of Gravitee Access Management, as RFC 7662 has it. */
export const graviteeAmResource: ResourceType = {
  descriptor: graviteeAmDescriptor,
  identity: (config, context) => introspectionIdentity(graviteeAmDescriptor.type, graviteeAmConfigSchema.parse(config), context),
  compile(rawConfig, context) {
    const config = graviteeAmConfigSchema.parse(rawConfig);
    return compileIntrospection(
      {
        ...config,
        scopeSeparator: " ",
        question: {
          endpoint: introspectionEndpoint(config),
          method: "POST",
          tokenLocation: "form",
          tokenName: "token",
          clientId: config.clientId,
          credentials: { in: "header", name: "authorization", scheme: "Basic" },
          basicEncoding: config.basicEncoding,
        },
      },
      context,
    );
  },
};
