import fc from "fast-check";
import { registry } from "@/lib/gateway/schemas";
import { type Definition, definitionSchema } from "./schema";

export { registry };

/** A small whole definition, with changes on top. For tests only. */
export function definitionFor(changes: Record<string, unknown> = {}): Definition {
  return definitionSchema(registry).parse({
    name: "Orders",
    contextPath: "/orders",
    endpoints: { production: { url: "http://localhost:9000" } },
    ...changes,
  });
}

const scope = fc.constantFrom("orders:read", "orders:write", "admin");
const oauth2Step = fc.record(
  {
    policy: fc.constant("oauth2"),
    name: fc.constantFrom("Check", "Check again"),
    enabled: fc.boolean(),
    config: fc.record({
      resource: fc.constantFrom("as-1", "as-2"),
      requiredScopes: fc.array(scope, { maxLength: 3 }),
      forwardToken: fc.boolean(),
    }),
  },
  { requiredKeys: ["policy", "config"] },
);
const headersStep = fc.record(
  {
    policy: fc.constant("transform-headers"),
    enabled: fc.boolean(),
    config: fc.record({
      remove: fc.array(fc.constantFrom("server", "via"), { maxLength: 2 }),
      set: fc.array(fc.record({ name: fc.constantFrom("x-a", "x-b"), value: fc.constantFrom("1", "2") }), { maxLength: 2 }),
    }),
  },
  { requiredKeys: ["policy", "config"] },
);
const parameter = fc.record({
  name: fc.constantFrom("audience", "resource", "api_key"),
  value: fc.constantFrom("", "orders", "a&b=c"),
  secret: fc.constant(false),
});
const clientOf = (grantType: string, useRefreshToken: boolean, parameters: unknown[]) => ({
  type: "oauth2",
  tokenUrl: "https://idp.example/token",
  clientId: "gateway",
  grantType,
  useRefreshToken,
  parameters,
  ...(grantType === "password" ? { username: "svc" } : {}),
});
const security = fc.oneof(
  fc.constantFrom({ type: "none" }, { type: "basic", username: "svc" }, { type: "digest", username: "svc" }),
  fc
    .tuple(
      fc.constantFrom("clientCredentials", "password"),
      fc.boolean(),
      fc.uniqueArray(parameter, { selector: ({ name }) => name, maxLength: 3 }),
      fc.constantFrom(null, "region", "tenant"),
    )
    .map(([grantType, useRefreshToken, parameters, secretName]) =>
      clientOf(grantType, useRefreshToken, secretName ? [...parameters, { name: secretName, secret: true }] : parameters),
    ),
);
const endpoints = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ production: { url: "http://localhost:9000" } }) },
  { weight: 2, arbitrary: security.map((one) => ({ production: { url: "http://localhost:9000", security: one } })) },
  {
    weight: 1,
    arbitrary: fc.tuple(security, security).map(([one, other]) => ({
      production: { url: "http://localhost:9000", security: one },
      sandbox: { url: "http://localhost:9001", security: other },
    })),
  },
);
const flow = fc.record({
  name: fc.constantFrom("", "Everything", "Items"),
  enabled: fc.boolean(),
  match: fc.record({
    path: fc.constantFrom("/", "/items", "/items/:id"),
    operator: fc.constantFrom("startsWith", "equals"),
    methods: fc.uniqueArray(fc.constantFrom("GET", "POST", "DELETE")),
  }),
  request: fc.array(fc.oneof(oauth2Step, headersStep), { maxLength: 4 }),
  response: fc.array(headersStep, { maxLength: 2 }),
});

/** Definitions that differ in everything that people change, small enough that pairs of them resemble each other. */
export const definitions: fc.Arbitrary<Definition> = fc
  .record({
    name: fc.constantFrom("Orders", "Items"),
    description: fc.constantFrom("", "Orders of the shop"),
    flowSelection: fc.constantFrom("all", "best"),
    cors: fc.record({ enabled: fc.boolean(), allowMethods: fc.uniqueArray(fc.constantFrom("GET", "POST", "PUT")) }),
    swap: fc.boolean(),
    endpoints,
    audience: fc.constantFrom([], ["api://a"]),
    flows: fc.array(flow, { maxLength: 3 }),
  })
  .map(({ swap, audience, ...rest }) => {
    const resources = [
      { name: "as-1", type: "oauth2-builtin", config: { server: "default" } },
      {
        name: "as-2",
        type: "oauth2-introspection",
        config: { introspectionEndpoint: "https://idp.example/introspect", clientId: "gateway", audiences: audience },
      },
    ];
    return definitionFor({ ...rest, resources: swap ? resources.reverse() : resources });
  });
