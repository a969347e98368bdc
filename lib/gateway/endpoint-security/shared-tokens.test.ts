import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CachedToken } from "./cached-token";
import { authorizationOf, TestClock, TestGateway, testBox, testCall } from "./testing/fixtures";
import { MemoryStore } from "./testing/memory-store";
import { json, startTokenServer, type TokenServer } from "./testing/token-server";

let server: TokenServer;
let usual: TokenServer["answer"];
beforeAll(async () => {
  server = await startTokenServer();
  usual = async (_, out, number) => {
    await sleep(30);
    json(out, { access_token: `token-${number}`, expires_in: 3600, refresh_token: `refresh-${number}` });
  };
});
beforeEach(() => {
  server.answer = usual;
  server.seen.length = 0;
});
afterAll(() => server.close());

const security = (overrides: object = {}) => ({ type: "oauth2", tokenUrl: server.tokenUrl, clientId: "gateway", ...overrides });

/** On a busy machine a store that is there may be slow, so only where it is to be away it has little time. */
const PATIENT_MS = 20_000;
const HASTY_MS = 150;

/** Gateways with clocks of their own over one store. */
function gateways(store: MemoryStore, count = 2, deadlineMs = PATIENT_MS) {
  const states: (string | null)[] = [];
  const made = Array.from(
    { length: count },
    () => new TestGateway(new TestClock(), { shared: { store, box: testBox, deadlineMs, onState: (problem) => states.push(problem) } }),
  );
  return { gateways: made, states };
}

const pair = (store: MemoryStore, deadlineMs = PATIENT_MS) => {
  const { gateways: made, states } = gateways(store, 2, deadlineMs);
  const [a, b] = made;
  if (!a || !b) throw new Error("There are two.");
  return { a, b, states };
};
const grants = () => server.seen.map(({ fields }) => new Map(fields).get("grant_type"));
const only = <T>(values: Iterable<T>): T => {
  const [value, ...rest] = values;
  if (value === undefined || rest.length > 0) throw new Error("There is exactly one.");
  return value;
};

describe("gateways that share a store", () => {
  it("ask for one token between them, however many cold calls each has", async () => {
    const store = new MemoryStore();
    const { gateways: made } = gateways(store, 3);
    const answers = await Promise.all(
      made.flatMap((gateway) => {
        const authorizer = gateway.compile(security());
        return Array.from({ length: 500 }, () => authorizationOf(authorizer));
      }),
    );
    expect(new Set(answers)).toEqual(new Set(["Bearer token-1"]));
    expect(server.seen).toHaveLength(1);
  });

  it("keep in it only what is sealed, for as long as the token lives, and bound to its key", async () => {
    const store = new MemoryStore();
    const { a, b } = pair(store);
    await authorizationOf(a.compile(security()));
    const [key, { value }] = only(store.values);
    expect(value).not.toMatch(/token-1|refresh-1|Bearer/);
    expect(Buffer.from(value.split(".")[2] ?? "", "base64url").toString()).not.toContain("token-1");
    expect(store.writes).toEqual([{ key, fence: 1, wrote: true, ttlMs: 3_600_000 }]);
    expect(key).toMatch(/^api-1:production:[\w-]{43}$/);
    // A value that was copied to another key opens there for nobody.
    const other = b.compile(security({ scope: "other" }));
    const view = b.keeper.view()[0];
    store.values.set(view?.key ?? "", { value, fence: 1, endsAt: performance.now() + 10_000 });
    expect(await authorizationOf(other)).toBe("Bearer token-2");
  });

  it("renew it once: the other takes the newer token, and the refresh token that came with it", async () => {
    const store = new MemoryStore();
    const { a, b } = pair(store);
    const [first, second] = [a.compile(security()), b.compile(security())];
    await authorizationOf(first);
    await authorizationOf(second);
    for (const [round, token] of [
      [1, "token-2"],
      [2, "token-3"],
    ] as const) {
      a.clock.forward(3_580_000);
      b.clock.forward(3_580_000);
      // Either one may be first.
      const [one, other] = round === 1 ? [first, second] : [second, first];
      one.authorize(testCall());
      other.authorize(testCall());
      await expect.poll(() => (one.authorize(testCall()) as CachedToken).accessToken).toBe(token);
      await expect.poll(() => (other.authorize(testCall()) as CachedToken).accessToken).toBe(token);
    }
    expect(grants()).toEqual(["client_credentials", "refresh_token", "refresh_token"]);
    expect(server.seen.map(({ fields }) => new Map(fields).get("refresh_token"))).toEqual([undefined, "refresh-1", "refresh-2"]);
  });

  it("replace a token that the backend refuses once between them", async () => {
    const store = new MemoryStore();
    const { a, b } = pair(store);
    const both = [a.compile(security()), b.compile(security())];
    const calls = both.flatMap((authorizer) => Array.from({ length: 20 }, () => ({ authorizer, call: testCall() })));
    const used = await Promise.all(
      calls.map(async ({ authorizer, call }) => ({ authorizer, call, token: await authorizer.authorize(call) })),
    );
    const replaced = await Promise.all(used.map(({ authorizer, call, token }) => authorizer.refused(call, token, [])));
    expect(new Set(replaced.map((credentials) => credentials?.authorization))).toEqual(new Set(["Bearer token-2"]));
    expect(server.seen).toHaveLength(2);
  });

  it("wait for one that holds the lock and dies no longer than the lock lives", async () => {
    const store = new MemoryStore();
    const { a } = pair(store);
    const authorizer = a.compile(security());
    const key = a.keeper.view()[0]?.key ?? "";
    await store.lock(key, 200);
    expect(await authorizationOf(authorizer)).toBe("Bearer token-1");
    expect(store.writes).toMatchObject([{ fence: 2, wrote: true }]);
  });

  it("do not let one that paused while its lock ended overwrite the newer token, and it takes the newer one itself", async () => {
    const store = new MemoryStore();
    const { a, b } = pair(store);
    let goOn: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    server.answer = async (_, out, number) => {
      if (number === 1) await paused;
      json(out, { access_token: `token-${number}`, expires_in: 3600 });
    };
    const sleeper = authorizationOf(a.compile(security()));
    await expect.poll(() => server.seen.length).toBe(1);
    // Its lock ends, as if all of this had taken longer.
    store.locks.clear();
    expect(await authorizationOf(b.compile(security()))).toBe("Bearer token-2");
    goOn();
    expect(await sleeper).toBe("Bearer token-2");
    expect(store.writes.map(({ fence, wrote }) => ({ fence, wrote }))).toEqual([
      { fence: 2, wrote: true },
      { fence: 1, wrote: false },
    ]);
  });

  it("each hear a refusal themselves: no gateway waits for another that failed", async () => {
    server.answer = (_, out) => json(out, { error: "invalid_client" }, 401);
    const { a, b } = pair(new MemoryStore());
    for (const gateway of [a, b]) await expect(authorizationOf(gateway.compile(security()))).rejects.toMatchObject({ kind: "refused" });
    expect(server.seen).toHaveLength(2);
  });

  it("drop a token in the store too", async () => {
    const store = new MemoryStore();
    const { a, b } = pair(store);
    await authorizationOf(a.compile(security()));
    await a.keeper.drop("api-1:");
    expect(store.values.size).toBe(0);
    expect(await authorizationOf(b.compile(security()))).toBe("Bearer token-2");
  });

  it("never share a token that is not to be kept", async () => {
    server.answer = (_, out, number) => json(out, { access_token: `token-${number}`, expires_in: 0 });
    const store = new MemoryStore();
    const { a, b } = pair(store);
    expect(await authorizationOf(a.compile(security()))).toBe("Bearer token-1");
    expect(await authorizationOf(b.compile(security()))).toBe("Bearer token-2");
    expect(store.writes).toEqual([]);
  });
});

describe("a store that is away", () => {
  const rejecting = () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.7:6379"));
  const away: [string, () => Promise<unknown>][] = [
    ["that rejects", rejecting],
    [
      "that throws",
      () => {
        throw new Error("not connected");
      },
    ],
    ["that never answers", () => new Promise(() => undefined)],
  ];
  it.each(away)("%s costs no call: the keeper goes on from memory and says so", async (_, before) => {
    const store = new MemoryStore();
    const { a, states } = pair(store, HASTY_MS);
    store.before = before;
    const authorizer = a.compile(security());
    expect(await authorizationOf(authorizer)).toBe("Bearer token-1");
    expect(authorizer.authorize(testCall())).toMatchObject({ accessToken: "token-1" });
    expect(states).toHaveLength(1);
    expect(states[0]).toContain("sharing failed");
    // And it is used again as soon as it is there.
    store.before = () => sleep(1);
    a.clock.forward(3_600_000);
    expect(await authorizationOf(authorizer)).toBe("Bearer token-2");
    expect(states).toEqual([states[0], null]);
    await expect.poll(() => store.values.size).toBe(1);
  });

  it("in the middle of a request takes nothing away from it", async () => {
    const store = new MemoryStore();
    const { a, states } = pair(store, HASTY_MS);
    server.answer = (_, out) => {
      store.before = rejecting;
      json(out, { access_token: "t", expires_in: 60 });
    };
    expect(await authorizationOf(a.compile(security()))).toBe("Bearer t");
    expect(server.seen).toHaveLength(1);
    expect(states).toHaveLength(1);
  });

  it("that grants a lock too late gets it back, so that nobody waits for it", async () => {
    const store = new MemoryStore();
    const { a } = pair(store, HASTY_MS);
    let operations = 0;
    store.before = () => sleep(operations++ === 1 ? 400 : 1);
    expect(await authorizationOf(a.compile(security()))).toBe("Bearer token-1");
    await expect.poll(() => operations).toBe(3);
    await expect.poll(() => store.locks.size).toBe(0);
  });

  it("with values that nobody can read is overwritten", async () => {
    const store = new MemoryStore();
    const { a, b, states } = pair(store, HASTY_MS);
    const authorizer = a.compile(security());
    store.values.set(a.keeper.view()[0]?.key ?? "", { value: "junk", fence: 0, endsAt: performance.now() + 60_000 });
    expect(await authorizationOf(authorizer)).toBe("Bearer token-1");
    expect(states.join()).toContain("Can't decrypt");
    expect(await authorizationOf(b.compile(security()))).toBe("Bearer token-1");
  });
});

describe("a store that comes and goes", () => {
  it("costs no call its token, whatever it does in whatever order", async () => {
    server.answer = (_, out, number) => json(out, { access_token: `token-${number}`, expires_in: 60 });
    const behaviour = fc.constantFrom<(() => Promise<unknown>)[]>(
      () => Promise.resolve(),
      () => sleep(3),
      () => Promise.reject(new Error("away")),
      () => sleep(30),
    );
    const plan = fc.array(behaviour, { minLength: 1, maxLength: 12 });
    const steps = fc.array(fc.record({ gateway: fc.nat(1), forwardMs: fc.constantFrom(0, 1000, 45_000, 70_000) }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(plan, steps, async (operations, calls) => {
        server.seen.length = 0;
        const store = new MemoryStore();
        // Locks may also end while their holder still asks.
        store.lockMsMax = 20;
        let operation = 0;
        store.before = () => operations[operation++ % operations.length]?.() ?? Promise.resolve();
        const made = Array.from(
          { length: 2 },
          () => new TestGateway(new TestClock(), { shared: { store, box: testBox, deadlineMs: 15, onState: () => undefined } }),
        );
        const authorizers = made.map((gateway) => gateway.compile(security()));
        for (const { gateway, forwardMs } of calls) {
          for (const { clock } of made) clock.forward(forwardMs);
          const authorizer = authorizers[gateway];
          if (authorizer) expect(await authorizationOf(authorizer)).toMatch(/^Bearer token-\d+$/);
        }
        // At most one request for each gateway and each time that a token's life or half of it was over.
        expect(server.seen.length).toBeLessThanOrEqual(2 * calls.length);
        for (const authorizer of authorizers) authorizer.release();
      }),
      { numRuns: 40 },
    );
  });
});

describe("a keeper that ends", () => {
  it("gives up what waits for others, at once", async () => {
    const store = new MemoryStore();
    const { a } = pair(store);
    const authorizer = a.compile(security());
    await store.lock(a.keeper.view()[0]?.key ?? "", 60_000);
    const waiting = authorizationOf(authorizer);
    await sleep(20);
    a.keeper.release();
    await expect(waiting).rejects.toMatchObject({ kind: "released" });
    expect(server.seen).toHaveLength(0);
  });
});
