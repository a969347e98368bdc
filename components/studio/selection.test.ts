import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moveFlow, removeFlow } from "@/components/draft/edits";
import { fromDefinition } from "@/components/draft/working-copy";
import { definitionFor, definitions } from "@/lib/definition/testing";
import { parseSelection, resolveSelection, type Selection, writeSelection } from "./selection";

const read = (query: string) => new URLSearchParams(query);

describe("the studio's selection in the URL", () => {
  it("reads back what it wrote, for every flow and step", { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const copy = fromDefinition(definition);
        const all: Selection[] = copy.flows.flatMap((flow) => [
          { flowKey: flow.key },
          ...(["request", "response"] as const).flatMap((phase) =>
            flow[phase].map(({ key }) => ({ flowKey: flow.key, step: { phase, key } })),
          ),
        ]);
        for (const selection of all) expect(parseSelection(read(writeSelection(selection, copy)), copy)).toEqual(selection);
      }),
    );
  });

  it("follows what is selected when it moves", () => {
    const copy = fromDefinition(definitionFor({ flows: [{ name: "A" }, { name: "B" }] }));
    const flowKey = copy.flows[0]?.key ?? "";
    expect(writeSelection({ flowKey }, moveFlow(copy, flowKey, 1))).toBe("flow=1");
  });

  it("falls back to what is there when the selected thing is gone", () => {
    const copy = fromDefinition(definitionFor({ flows: [{ name: "A" }, { name: "B", request: [{ policy: "transform-headers" }] }] }));
    const [a, b] = copy.flows;
    const stepKey = b?.request[0]?.key ?? "";
    expect(resolveSelection({ flowKey: b?.key ?? "", step: { phase: "request", key: "gone" } }, copy)).toEqual({ flowKey: b?.key });
    expect(resolveSelection({ flowKey: b?.key ?? "", step: { phase: "request", key: stepKey } }, removeFlow(copy, b?.key ?? ""))).toEqual({
      flowKey: a?.key,
    });
    expect(resolveSelection(null, fromDefinition(definitionFor()))).toBeNull();
  });

  it.each(["", "flow=7", "flow=x", "flow=-1", "step=request.0"])("takes nothing from %s", (query) => {
    expect(parseSelection(read(query), fromDefinition(definitionFor({ flows: [{}] })))).toBeNull();
  });

  it.each(["flow=0&step=request.9", "flow=0&step=other.0", "flow=0&step="])("takes the flow alone from %s", (query) => {
    const copy = fromDefinition(definitionFor({ flows: [{}] }));
    expect(parseSelection(read(query), copy)).toEqual({ flowKey: copy.flows[0]?.key });
  });
});
