import { describe, expect, it } from "vitest";
import type { AssignedServer } from "./assignment";
import { createOwnServers } from "./own-servers";
import { NOTHING_ENDED } from "./revocations";

const key = (kid: string) => ({ kty: "RSA", kid });
const server: AssignedServer = {
  id: "shop",
  issuer: "https://console.example/oauth2/shop",
  audience: "api://shop",
  enabled: true,
  keys: [key("next"), key("active"), key("former")],
  keyEnds: { former: 1000 },
};
const noPostgres = () => Promise.reject(new Error("nobody asks"));

describe("our own authorization servers at a gateway", () => {
  it("verify by a former key until its time is over, without being told", async () => {
    let now = 0;
    const own = createOwnServers(noPostgres, () => now);
    own.take({ servers: [server], ended: NOTHING_ENDED });
    const kids = async () => (await own.builtinServer("shop"))?.keys.map(({ kid }) => kid);
    expect(await kids()).toEqual(["next", "active", "former"]);
    now = 999;
    expect(await own.builtinServer("shop")).toBe(await own.builtinServer("shop"));
    expect(await kids()).toEqual(["next", "active", "former"]);
    now = 1000;
    expect(await kids()).toEqual(["next", "active"]);
    expect(await own.builtinServer("shop")).toBe(await own.builtinServer("shop"));
    now = 2000;
    own.take({ servers: [{ ...server }], ended: NOTHING_ENDED });
    expect(await kids()).toEqual(["next", "active"]);
  });

  it("stay the same object while they are as they were, by which a gateway knows that nothing has changed", async () => {
    const own = createOwnServers(noPostgres, () => 0);
    own.take({ servers: [server], ended: NOTHING_ENDED });
    const before = await own.builtinServer("shop");
    own.take({ servers: [server], ended: { parts: [{ key: "1", tokens: [["shop", "one"]] }], clients: [] } });
    expect(await own.builtinServer("shop")).toBe(before);
    expect(own.endedTokens("shop").revoked.has("one")).toBe(true);
  });

  it("are not there before their issuer is known, nor when they are gone", async () => {
    const own = createOwnServers(noPostgres, () => 0);
    own.take({ servers: [{ ...server, issuer: "" }], ended: NOTHING_ENDED });
    expect(await own.builtinServer("shop")).toBeNull();
    own.take({ servers: [server], ended: NOTHING_ENDED });
    expect(await own.builtinServer("shop")).not.toBeNull();
    own.take({ servers: [], ended: NOTHING_ENDED });
    expect(await own.builtinServer("shop")).toBeNull();
  });

  it("let nothing pass when an opaque token cannot be looked up", async () => {
    const own = createOwnServers(noPostgres, () => 0);
    await expect(own.opaqueToken("shop", "id")).rejects.toThrow("nobody asks");
  });
});
