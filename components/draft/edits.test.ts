import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { definitionFor, definitions } from "@/lib/definition/testing";
import {
  addFlow,
  flowCopy,
  freeResourceName,
  moveFlow,
  moveStep,
  moveTo,
  newStep,
  removeStep,
  updateResource,
  updateStep,
  usesOf,
} from "./edits";
import { fromDefinition, newKey, reopen, sameDefinition, toDefinition, withoutSentSecrets } from "./working-copy";

const keys = (items: readonly { key: string }[]) => items.map(({ key }) => key);

describe("opening and closing a definition", () => {
  it("gives back what was opened", { timeout: 30_000 }, () => {
    fc.assert(fc.property(definitions, (definition) => sameDefinition(toDefinition(fromDefinition(definition)), definition)));
  });

  it("keeps the keys of what was sent when the save's answer is opened", { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const sent = fromDefinition(definition);
        const opened = reopen(definition, sent);
        expect(keys(opened.flows)).toEqual(keys(sent.flows));
        expect(opened.flows.flatMap((flow) => keys(flow.request))).toEqual(sent.flows.flatMap((flow) => keys(flow.request)));
      }),
    );
  });

  it("takes an absent field for its default, so that leaving it out is no change", () => {
    const definition = definitionFor({
      resources: [{ name: "as", type: "oauth2-builtin", config: {} }],
      flows: [{ request: [{ policy: "oauth2", config: { resource: "as" } }] }],
    });
    const copy = fromDefinition(definition);
    const [flow] = copy.flows;
    const [step] = flow?.request ?? [];
    const bare = updateStep(copy, { flowKey: flow?.key ?? "", phase: "request" }, step?.key ?? "", { config: { resource: "as" } });
    expect(sameDefinition(toDefinition(bare), definition)).toBe(true);
  });

  it("leaves a blank secret out, so that what is stored is kept", () => {
    const copy = fromDefinition(
      definitionFor({
        resources: [
          {
            name: "as",
            type: "oauth2-introspection",
            config: { introspectionEndpoint: "https://idp.example/i", clientId: "g", clientSecret: "" },
          },
        ],
      }),
    );
    expect(toDefinition(copy).resources[0]?.config).not.toHaveProperty("clientSecret");
  });

  it("takes only those secrets away that were sent", () => {
    const resource = (clientSecret: string) => ({
      name: "as",
      type: "oauth2-introspection",
      config: { introspectionEndpoint: "https://idp.example/i", clientId: "g", clientSecret },
    });
    const sent = fromDefinition(definitionFor({ resources: [resource("one")] }));
    expect(withoutSentSecrets(sent, sent).resources[0]?.config.clientSecret).toBeUndefined();
    const edited = { ...sent, resources: sent.resources.map((item) => ({ ...item, config: { ...item.config, clientSecret: "two" } })) };
    expect(withoutSentSecrets(edited, sent).resources[0]?.config.clientSecret).toBe("two");
  });
});

describe("reordering", () => {
  it("keeps every item exactly once and puts the moved one where it was asked to go", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(7), fc.integer({ min: -3, max: 12 }), (length, from, to) => {
        const items = Array.from({ length }, () => ({ key: newKey() }));
        const moved = items[from % length];
        if (!moved) return;
        const result = moveTo(items, moved.key, to);
        expect([...keys(result)].sort()).toEqual([...keys(items)].sort());
        expect(keys(result).indexOf(moved.key)).toBe(Math.min(Math.max(0, to), length - 1));
        expect(keys(result).filter((key) => key !== moved.key)).toEqual(keys(items).filter((key) => key !== moved.key));
      }),
    );
  });

  it("moves steps within their lane and touches nothing else", { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(definitions, fc.nat(), fc.nat(), (definition, which, to) => {
        const copy = fromDefinition(definition);
        const flow = copy.flows[which % Math.max(1, copy.flows.length)];
        const step = flow?.request[which % Math.max(1, flow.request.length)];
        if (!flow || !step) return;
        const next = moveStep(copy, { flowKey: flow.key, phase: "request" }, step.key, to % 5);
        expect(next.flows.flatMap((item) => keys(item.request)).sort()).toEqual(copy.flows.flatMap((item) => keys(item.request)).sort());
        expect(next.flows.map(({ response }) => response)).toEqual(copy.flows.map(({ response }) => response));
        expect(keys(moveFlow(copy, flow.key, to).flows).sort()).toEqual(keys(copy.flows).sort());
      }),
    );
  });
});

describe("duplicating and removing", () => {
  it("gives a duplicate the same content under keys of its own", () => {
    const copy = fromDefinition(
      definitionFor({
        resources: [{ name: "as", type: "oauth2-builtin", config: {} }],
        flows: [{ name: "A", request: [{ policy: "oauth2", config: { resource: "as" } }] }],
      }),
    );
    const [flow] = copy.flows;
    if (!flow) throw new Error("The definition has a flow.");
    const twin = flowCopy(flow);
    const next = addFlow(copy, twin, 1);
    expect(next.flows.map(({ name }) => name)).toEqual(["A", "A (copy)"]);
    expect(twin.request[0]?.key).not.toBe(flow.request[0]?.key);
    expect(toDefinition(next).flows[1]?.request).toEqual(toDefinition(next).flows[0]?.request);
    const [step] = twin.request;
    expect(step && removeStep(next, { flowKey: twin.key, phase: "request" }, step.key).flows.map(({ request }) => request.length)).toEqual([
      1, 0,
    ]);
  });
});

describe("resources", () => {
  const copy = fromDefinition(
    definitionFor({
      resources: [{ name: "as", type: "oauth2-builtin", config: {} }],
      flows: [{ request: [{ policy: "oauth2", config: { resource: "as" } }] }],
    }),
  );

  it("carries a new name to the steps that use the resource", () => {
    const renamed = updateResource(copy, copy.resources[0]?.key ?? "", { name: "company" });
    expect(usesOf(renamed, "company")).toHaveLength(1);
    expect(usesOf(renamed, "as")).toHaveLength(0);
  });

  it("finds a name that is free", () => {
    expect(freeResourceName(copy, "as")).toBe("as-2");
    expect(freeResourceName(copy, "other")).toBe("other");
  });

  it("starts a step with nothing but its policy", () => {
    expect(newStep("oauth2")).toMatchObject({ policy: "oauth2", enabled: true, config: {} });
  });
});
