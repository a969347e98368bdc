import { describe, expect, it } from "vitest";
import { claimsOfRecord, createOpaqueTokenFinder } from "./opaque-tokens";

const payload = { iat: 1, exp: 601, clientId: "app", aud: "api://shop", scope: "read", kind: "ClientCredentials" };

describe("the claims of an opaque token", () => {
  it("equal those of introspection, and extra claims can't override them", () => {
    const extra = { environment: "sandbox", client_id: "evil", exp: 9_999_999_999, scope: "admin", cnf: {} };
    expect(claimsOfRecord({ ...payload, extra })).toEqual({
      environment: "sandbox",
      client_id: "app",
      sub: "app",
      iat: 1,
      exp: 601,
      aud: "api://shop",
      scope: "read",
      token_type: "Bearer",
      cnf: {},
    });
  });

  it("include the key binding", () => {
    expect(claimsOfRecord({ ...payload, jkt: "k" })).toMatchObject({ token_type: "DPoP", cnf: { jkt: "k" } });
    expect(claimsOfRecord({ ...payload, jkt: "k", "x5t#S256": "c" })).toMatchObject({ cnf: { jkt: "k", "x5t#S256": "c" } });
  });

  it("are null for an unknown record", () => {
    for (const other of [null, "text", {}, { ...payload, exp: "601" }, { ...payload, clientId: undefined }])
      expect(claimsOfRecord(other)).toBeNull();
  });
});

describe("looking up opaque tokens", () => {
  it("batches concurrent lookups in one query", async () => {
    const asked: unknown[] = [];
    const find = createOpaqueTokenFinder(async (_text, values = []) => {
      asked.push(JSON.parse(String(values[0])));
      return [
        { serverId: "one", id: "x", payload: JSON.stringify({ ...payload, clientId: "of one" }) },
        { serverId: "two", id: "x", payload: JSON.stringify({ ...payload, clientId: "of two" }) },
      ];
    });
    const found = await Promise.all([find("one", "x"), find("two", "x"), find("one", "y")]);
    expect(found.map((claims) => claims?.client_id)).toEqual(["of one", "of two", undefined]);
    expect(asked).toEqual([
      [
        { serverId: "one", id: "x" },
        { serverId: "two", id: "x" },
        { serverId: "one", id: "y" },
      ],
    ]);
  });

  it("rejects all waiting lookups when the database is unreachable, and retries for later ones", async () => {
    let isAway = true;
    const find = createOpaqueTokenFinder(async () => {
      if (isAway) throw new Error("away");
      return [{ serverId: "one", id: "x", payload: JSON.stringify(payload) }];
    });
    const first = await Promise.allSettled([find("one", "x"), find("one", "y")]);
    expect(first.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    isAway = false;
    expect(await find("one", "x")).toMatchObject({ client_id: "app" });
  });

  it("rejects lookups above the queue's maximum", async () => {
    let answer: (rows: unknown[]) => void = () => undefined;
    const find = createOpaqueTokenFinder(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const first = find("one", "first");
    await null;
    const many = Promise.allSettled(Array.from({ length: 5001 }, (_, index) => find("one", String(index))));
    const drain = setInterval(() => answer([]), 1);
    expect(await first).toBeNull();
    expect((await many).map(({ status }) => status).lastIndexOf("rejected")).toBe(5000);
    clearInterval(drain);
  });
});
