import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPath } from "@/lib/definition/problems";
import { definitionFor } from "@/lib/definition/testing";
import { keepEdits, keptEdits } from "./autosave";
import { moveStep, updateResource, updateStep } from "./edits";
import { describePlace, localProblems, pathParts, place, problemAt, problemsOfAnchor, refusalOf, standingProblems } from "./problems";
import { describeEdits } from "./words";
import { fromDefinition, toDefinition } from "./working-copy";

const definition = definitionFor({
  resources: [{ name: "as", type: "oauth2-introspection", config: { introspectionEndpoint: "https://idp.example/i", clientId: "g" } }],
  flows: [
    {
      name: "Everything",
      request: [
        { policy: "oauth2", config: { resource: "as" } },
        { policy: "transform-headers", config: { remove: ["server"] } },
      ],
    },
  ],
});
const copy = fromDefinition(definition);
const [flow] = copy.flows;
const lane = { flowKey: flow?.key ?? "", phase: "request" as const };
const oauth2 = flow?.request[0];
const failure = (path: string, message = "Wrong.") => ({
  message: "The draft is invalid.",
  requestId: "r1",
  problems: [{ path, message }],
});

describe("problems of a draft", () => {
  it("reads the paths that problems are written with", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(99), fc.constantFrom("flows", "config", "set", "x-y")), { minLength: 1 }), (parts) => {
        expect(pathParts(formatPath(parts))).toEqual(parts);
      }),
    );
  });

  it("stay with their step when it moves, and link to where it is now", () => {
    const placed = place({ path: "flows[0].request[0].config.resource", message: "Choose." }, copy);
    expect(placed.path).toBe("config.resource");
    const moved = moveStep(copy, lane, oauth2?.key ?? "", 1);
    expect(describePlace(placed, moved)).toEqual({
      label: "Everything, OAuth2",
      page: "studio?flow=0&step=request.1",
      fieldPath: "flows[0].request[1].config.resource",
    });
    expect(problemsOfAnchor([placed], placed.anchor)).toEqual([{ path: "config.resource", message: "Choose." }]);
  });

  it("are silent before a save was refused, and then follow every edit", () => {
    const broken = updateStep(copy, lane, oauth2?.key ?? "", { config: {} });
    expect(standingProblems(broken, null)).toEqual([]);
    const refusal = refusalOf(failure("flows[0].request[0].config.resource"), broken);
    expect(refusal.serverOnly).toEqual([]);
    expect(standingProblems(broken, refusal)).toHaveLength(1);
    expect(standingProblems(copy, refusal)).toEqual([]);
    expect(localProblems(copy)).toEqual([]);
  });

  it("that only the server knows stay until the value that they are about changes", () => {
    const refusal = refusalOf(failure("contextPath", "Another API has /orders."), copy);
    expect(problemAt(standingProblems(copy, refusal), "contextPath")).toBe("Another API has /orders.");
    expect(standingProblems({ ...copy, contextPath: "/other" }, refusal)).toEqual([]);
  });

  it("about a secret go when the secret is typed", () => {
    const refusal = refusalOf(failure("resources[0].config.clientSecret"), copy);
    expect(standingProblems(copy, refusal)).toHaveLength(1);
    const [resource] = copy.resources;
    const typed = updateResource(copy, resource?.key ?? "", { config: { ...resource?.config, clientSecret: "s3cret" } });
    expect(standingProblems(typed, refusal)).toEqual([]);
  });
});

describe("a typed secret", () => {
  const [resource] = copy.resources;
  const typed = toDefinition(updateResource(copy, resource?.key ?? "", { config: { ...resource?.config, clientSecret: "s3cret" } }));

  it("is told as set or replaced and never by its value", () => {
    expect(describeEdits(definition, typed).map(({ sentence }) => sentence)).toEqual(["Resource as, client secret: set"]);
    expect(describeEdits(definition, typed, ["resources[0].config.clientSecret"]).map(({ sentence }) => sentence)).toEqual([
      "Resource as, client secret: replaced",
    ]);
  });

  it("is not kept in the browser", () => {
    const entries = new Map<string, string>();
    const storage = {
      setItem: (key: string, value: string) => entries.set(key, value),
      getItem: (key: string) => entries.get(key) ?? null,
    } as unknown as Storage;
    keepEdits(storage, "api_1", { base: definition, etag: '"1"', definition: typed });
    expect([...entries.values()].join()).not.toContain("s3cret");
    expect(keptEdits(storage, "api_1")?.definition).toEqual(definition);
    expect(keptEdits(storage, "api_2")).toBeNull();
  });
});
