import { describe, expect, it } from "vitest";
import { fromDefinition, toDefinition } from "@/components/draft/working-copy";
import { requireTokenForEverything } from "@/lib/definition/access-changes";
import { definitionSchema } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import { draftChange, withFlowsOf } from "./draft-change";

const definition = definitionSchema(registry).parse({
  name: "Orders",
  contextPath: "/orders",
  endpoints: { production: { url: "https://orders.internal" } },
  resources: [
    {
      name: "company-as",
      type: "oauth2-introspection",
      config: { introspectionEndpoint: "https://idp.internal/introspect", clientId: "gateway", clientSecret: "typed-just-now" },
    },
  ],
});

describe("a change of the access to an API", () => {
  const change = draftChange(definition, requireTokenForEverything(definition, { resource: "company-as" }, registry));

  it("is told in words before it is made, without the secrets that were typed", () => {
    expect(change.changes.map(({ sentence }) => sentence).join("\n")).toContain("company-as");
    expect(JSON.stringify(change.changes)).not.toContain("typed-just-now");
  });

  it("is nothing when what is asked for is so already", () => {
    expect(
      draftChange(change.definition, requireTokenForEverything(change.definition, { resource: "company-as" }, registry)).changes,
    ).toEqual([]);
  });

  it("takes the flows into the working copy and leaves everything else, also a typed secret, as it is", () => {
    const copy = fromDefinition(definition);
    const changed = withFlowsOf({ ...copy, description: "typed meanwhile" }, change.definition);
    expect(toDefinition(changed).flows).toEqual(change.definition.flows);
    expect(changed.description).toBe("typed meanwhile");
    expect(changed.resources).toBe(copy.resources);
    expect(changed.resources[0]?.config.clientSecret).toBe("typed-just-now");
  });

  it("gives every flow a key of its own, so that the studio can select each", () => {
    const { flows } = withFlowsOf(fromDefinition(definition), change.definition);
    expect(new Set(flows.map(({ key }) => key)).size).toBe(flows.length);
  });
});
