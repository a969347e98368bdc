import { describe, expect, it } from "vitest";
import type { AccessOperationView } from "@/lib/management/contract/access";
import { accessSentence, countLevels, findOperations, namesOf, offeredLevels, orderOperations } from "./operations";

const operation = (method: string, path: string, rest: Partial<AccessOperationView> = {}): AccessOperationView => ({
  method,
  path,
  summary: "",
  sources: ["flow"],
  access: "anonymous",
  isWrite: method !== "GET",
  requirements: [],
  applications: [],
  applicationCount: 0,
  canCount: 0,
  foreign: false,
  ...rest,
});
const guarded = { access: "token" as const };

describe("the sentence on an API's operations", () => {
  it("says how many are anonymous and how many of those can write", () => {
    const operations = [operation("POST", "/a"), operation("PUT", "/a"), operation("GET", "/a"), operation("GET", "/b", guarded)];
    expect(accessSentence(countLevels(operations))).toBe("4 operations: 3 anonymous, 2 of them can write");
  });

  it("does not speak of writing when the anonymous ones only read", () => {
    expect(accessSentence(countLevels([operation("GET", "/a"), operation("GET", "/b", guarded)]))).toBe("2 operations: 1 anonymous");
  });

  it("speaks of one operation as one", () => {
    expect(accessSentence(countLevels([operation("POST", "/a")]))).toBe("1 operation: 1 anonymous, and it can write");
    expect(accessSentence(countLevels([operation("POST", "/a"), operation("GET", "/b", guarded)]))).toBe(
      "2 operations: 1 anonymous, and it can write",
    );
    expect(accessSentence(countLevels([operation("GET", "/b", guarded)]))).toBe("1 operation: it needs a token");
  });

  it("says that all are anonymous", () => {
    expect(accessSentence(countLevels([operation("GET", "/a"), operation("POST", "/b")]))).toBe(
      "2 operations: all anonymous, 1 of them can write",
    );
  });

  it("counts what is refused neither as open nor as guarded", () => {
    expect(accessSentence(countLevels([operation("GET", "/a", guarded), operation("GET", "/b", { access: "refused" })]))).toBe(
      "2 operations: all that are served need a token",
    );
    expect(accessSentence(countLevels([operation("GET", "/b", { access: "refused" })]))).toBe("1 operation: the gateway rejects it");
  });

  it("promises nothing where nothing is known", () => {
    expect(accessSentence(countLevels([]))).toBe("No operations known yet");
  });
});

describe("the names of operations", () => {
  const operations = ["/a", "/b", "/c", "/d"].map((path) => operation("POST", path));
  it("are all given when they are few", () => {
    expect(namesOf(operations.slice(0, 1))).toBe("POST /a");
    expect(namesOf(operations.slice(0, 3))).toBe("POST /a, POST /b and POST /c");
  });
  it("are counted where they are many", () => {
    expect(namesOf(operations)).toBe("POST /a, POST /b, POST /c and 1 more");
  });
});

describe("the list of operations", () => {
  const read = operation("GET", "/orders", { summary: "List orders" });
  const write = operation("DELETE", "/orders/:id");
  const scoped = operation("GET", "/orders/:id", {
    access: "scopes",
    requirements: [{ flow: "Readers", step: "OAuth2", resource: "default-as", scopes: ["orders:read"], scopeMode: "all" }],
  });
  const operations = [read, scoped, write];

  it("begins with what anyone may change and else keeps the order of the API", () => {
    expect(orderOperations(operations)).toEqual([write, read, scoped]);
  });

  it("is searched in paths, summaries, scopes and flows, whatever the case", () => {
    const found = (search: string) => findOperations(operations, { search, level: "all" });
    expect(found("LIST")).toEqual([read]);
    expect(found("orders:read")).toEqual([scoped]);
    expect(found("get readers")).toEqual([scoped]);
    expect(found("delete")).toEqual([write]);
    expect(found("nothing")).toEqual([]);
  });

  it("tells anonymous reads from anonymous writes when it is filtered", () => {
    expect(findOperations(operations, { search: "", level: "anonymous" })).toEqual([read]);
    expect(findOperations(operations, { search: "", level: "anonymous-write" })).toEqual([write]);
  });

  it("offers the levels that occur, what matters most first", () => {
    expect(offeredLevels(operations)).toEqual([
      { level: "anonymous-write", count: 1 },
      { level: "anonymous", count: 1 },
      { level: "scopes", count: 1 },
    ]);
  });
});
