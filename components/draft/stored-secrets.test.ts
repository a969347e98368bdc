import { describe, expect, it } from "vitest";
import { type Definition, definitionSchema } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import { storedSecrets } from "./stored-secrets";
import { fromDefinition, toDefinition, type WorkingCopy, withoutSentSecrets } from "./working-copy";

const SECURITY = {
  type: "oauth2",
  grantType: "password",
  tokenUrl: "https://idp.example/token",
  clientId: "gateway",
  username: "svc",
  parameters: [
    { name: "audience", value: "orders" },
    { name: "pin", secret: true },
  ],
};

const base = definitionSchema(registry).parse({
  name: "Orders",
  contextPath: "/orders",
  endpoints: { production: { url: "https://orders.example/v2", security: SECURITY } },
});

const at = (field: string) => `endpoints.production.security.${field}`;
const STORED = [at("clientSecret"), at("password"), at("parameters[1].value")];

/** A working copy whose production security has other values. */
function edited(change: Record<string, unknown>, endpoint: Record<string, unknown> = {}): WorkingCopy {
  const definition: Definition = structuredClone(base);
  if (!definition.endpoints.production) throw new Error("The base has a production endpoint.");
  Object.assign(definition.endpoints.production, endpoint);
  Object.assign(definition.endpoints.production.security, change);
  return fromDefinition(definition);
}

describe("the stored secrets of an endpoint", () => {
  it("stay in their places while nothing changes", () => {
    expect(storedSecrets(STORED, base, edited({}))).toEqual({ kept: STORED, moved: [] });
  });

  it("go with their parameter when parameters are reordered or removed, and are gone with its name", () => {
    const [audience, pin] = SECURITY.parameters;
    expect(storedSecrets(STORED, base, edited({ parameters: [pin, audience] })).kept).toContain(at("parameters[0].value"));
    expect(storedSecrets(STORED, base, edited({ parameters: [pin] })).kept).toContain(at("parameters[0].value"));
    expect(storedSecrets(STORED, base, edited({ parameters: [{ name: "code", secret: true }] })).kept).toEqual(STORED.slice(0, 2));
  });

  it("have to be typed again when the token URL or the backend moves to another origin, and not for another path", () => {
    expect(storedSecrets(STORED, base, edited({ tokenUrl: "https://idp.example/oauth2/token" })).moved).toEqual([]);
    expect(storedSecrets(STORED, base, edited({ tokenUrl: "https://idp.example:8443/token" }))).toEqual({ kept: [], moved: STORED });
    expect(storedSecrets(STORED, base, edited({}, { url: "https://elsewhere.example/v2" }))).toEqual({ kept: [], moved: STORED });
  });

  it("count as stored also while another one is typed over them", () => {
    expect(storedSecrets(STORED, base, edited({ password: "new" }))).toEqual({ kept: STORED, moved: [] });
  });
});

describe("a working copy with endpoint security", () => {
  it("leaves blank secrets out of what is saved, without changing itself", () => {
    const copy = edited({ clientSecret: "", password: "typed" });
    expect(toDefinition(copy).endpoints.production?.security).not.toHaveProperty("clientSecret");
    expect(toDefinition(copy).endpoints.production?.security.password).toBe("typed");
    expect(copy.endpoints.production?.security.clientSecret).toBe("");
  });

  it("forgets typed secrets once they were sent, and keeps one that was typed while they were being sent", () => {
    const sent = edited({ clientSecret: "first", password: "second" });
    const now = edited({ clientSecret: "first", password: "third", scope: "orders" });
    const after = withoutSentSecrets(now, sent).endpoints.production?.security;
    expect(after).not.toHaveProperty("clientSecret");
    expect(after).toMatchObject({ password: "third", scope: "orders" });
  });
});
