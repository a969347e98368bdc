import { describe, expect, it } from "vitest";
import { fromDefinition } from "@/components/draft/working-copy";
import { definitionFor } from "@/lib/definition/testing";
import { registry } from "@/lib/gateway/schemas";
import { movedSecrets, newResource, newResourceProblems, resourceNameProblem, withoutSecretFields } from "./new-resource";

const saved = {
  name: "as",
  type: "oauth2-introspection",
  config: { introspectionEndpoint: "https://idp.example/introspect", clientId: "g" },
};
const copy = fromDefinition(definitionFor({ resources: [saved] }));

describe("a new resource", () => {
  it.each(registry.resources.map(({ type }) => type))("of type %s gets a name that is free and allowed", (type) => {
    const { name } = newResource(type, copy);
    expect(resourceNameProblem(name, ["as"])).toBeUndefined();
  });

  it("of the built-in type is ready at once", () => {
    expect(newResourceProblems(newResource("oauth2-builtin", copy), copy)).toEqual([]);
  });

  it("says which fields are missing, the secret among them", () => {
    expect(newResourceProblems(newResource("oauth2-introspection", copy), copy).map(({ path }) => path)).toEqual([
      "config.introspectionEndpoint",
      "config.clientId",
      "config.clientSecret",
    ]);
  });

  it("may not take another one's name", () => {
    expect(newResourceProblems({ ...newResource("oauth2-builtin", copy), name: "as" }, copy).map(({ path }) => path)).toEqual(["name"]);
  });
});

describe("the secret of a resource", () => {
  const stored = ["config.clientSecret"];
  const moved = { ...saved, config: { ...saved.config, introspectionEndpoint: "https://other.example/introspect" } };

  it("is asked for again when the address that receives it moves to another origin", () => {
    expect(movedSecrets(moved, [saved], stored).map(({ path }) => path)).toEqual(stored);
  });

  it("is kept when only the path changes, and asked for no more once it is typed", () => {
    expect(
      movedSecrets({ ...saved, config: { ...saved.config, introspectionEndpoint: "https://idp.example/v2" } }, [saved], stored),
    ).toEqual([]);
    expect(movedSecrets({ ...moved, config: { ...moved.config, clientSecret: "new" } }, [saved], stored)).toEqual([]);
  });

  it("does not go into a duplicate", () => {
    expect(withoutSecretFields({ ...saved, config: { ...saved.config, clientSecret: "s" } })).toEqual(saved);
  });
});
