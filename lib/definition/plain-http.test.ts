import { describe, expect, it, test } from "vitest";
import { plainHttpProblem, plainHttpWarnings } from "./plain-http";
import { definitionFor, registry } from "./testing";

describe("a URL without TLS", () => {
  it.each([
    "http://idp.internal/token",
    "HTTP://10.0.0.1/",
    "http://localhost.example/",
    "http://127.0.0.1.example/",
    "http://[::2]/",
    "http://128.0.0.1/",
  ])("%s is warned of", (url) => expect(plainHttpProblem(url)).toContain("TLS"));
  it.each([
    "https://idp.internal/",
    "http://localhost:3000/",
    "http://idp.localhost/",
    "http://127.0.0.1/",
    "http://127.8.8.8/",
    "http://2130706433/",
    "http://[::1]:8080/",
    "http://LOCALHOST./",
    "not a url",
    "",
  ])("%s is not", (url) => expect(plainHttpProblem(url)).toBeUndefined());
});

test("every authorization server that a definition calls without TLS is named with its place, and no backend is", () => {
  const resource = (name: string, type: string, config: object) => ({ name, type, config });
  const security = (tokenUrl: string) => ({ type: "oauth2", tokenUrl, clientId: "gw" });
  const definition = definitionFor({
    endpoints: {
      production: { url: "http://orders.internal", security: security("http://idp.internal/token") },
      sandbox: { url: "http://orders.internal", security: security("https://idp.internal/token") },
    },
    resources: [
      resource("a", "oauth2-introspection", {
        introspectionEndpoint: "http://idp.internal/introspect",
        clientId: "gw",
        issuer: "http://x.example",
      }),
      resource("b", "oauth2-jwt", { issuer: "http://idp.internal" }),
      resource("c", "oauth2-jwt", { issuer: "http://idp.internal", jwksUrl: "https://idp.internal/keys" }),
      resource("d", "oauth2-jwt", { issuer: "https://idp.internal", jwksUrl: "http://idp.internal/keys" }),
      resource("e", "oauth2-gravitee-am", { serverUrl: "http://am.internal", securityDomain: "d", clientId: "gw" }),
      resource("f", "oauth2-jwt", { issuer: "http://localhost:9000" }),
    ],
  });
  expect(plainHttpWarnings(definition, registry).map(({ path }) => path)).toEqual([
    "endpoints.production.security.tokenUrl",
    "resources[0].config.introspectionEndpoint",
    "resources[1].config.issuer",
    "resources[3].config.jwksUrl",
    "resources[4].config.serverUrl",
  ]);
});
