import type { EndpointSecretSlot } from "@/lib/definition/registry";
import type { EndpointSecurity } from "./schema";

const hostOf = (url: string) => {
  try {
    return new URL(url).host;
  } catch {
    return "…";
  }
};

/** Describes the gateway's authentication at a backend in one line, without secrets. */
export function endpointSecuritySentence(security: EndpointSecurity): string {
  switch (security.type) {
    case "none":
      return "No credentials";
    case "basic":
      return `Basic as ${security.username}`;
    case "digest":
      return `Digest as ${security.username}`;
    case "oauth2": {
      const grant = security.grantType === "password" ? `password of ${security.username ?? "…"}` : "client credentials";
      return `OAuth2 ${grant} from ${hostOf(security.tokenUrl)}`;
    }
  }
}

/** Lists the secret fields of endpoint security, set or not. */
export function endpointSecretSlots(security: EndpointSecurity): EndpointSecretSlot[] {
  if (security.type === "none") return [];
  const sentTo = security.type === "oauth2" ? security.tokenUrl : null;
  const slots: EndpointSecretSlot[] = [];
  if (security.type === "oauth2")
    slots.push({
      slot: "clientSecret",
      path: "clientSecret",
      title: "Client secret",
      required: true,
      value: security.clientSecret,
      sentTo,
      clear() {
        delete security.clientSecret;
      },
    });
  slots.push({
    slot: "password",
    path: "password",
    title: "Password",
    required: security.type !== "oauth2" || security.grantType === "password",
    value: security.password,
    sentTo,
    clear() {
      delete security.password;
    },
  });
  if (security.type !== "oauth2") return slots;
  security.parameters.forEach((parameter, index) => {
    if (!parameter.secret) return;
    slots.push({
      slot: `parameters/${parameter.name}`,
      path: `parameters[${index}].value`,
      title: `Value of ${parameter.name}`,
      required: true,
      value: parameter.value,
      sentTo,
      clear() {
        delete parameter.value;
      },
    });
  });
  return slots;
}
