import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CachedToken } from "./cached-token";
import { authorizationOf, TestClock, TestGateway, testCall } from "./testing/fixtures";
import { json, startTokenServer, type TokenServer } from "./testing/token-server";

let server: TokenServer;
let usual: TokenServer["answer"];
beforeAll(async () => {
  server = await startTokenServer();
  usual = server.answer;
});
beforeEach(() => {
  server.answer = usual;
  server.seen.length = 0;
});
afterAll(() => server.close());

const security = (overrides: object = {}) => ({ type: "oauth2", tokenUrl: server.tokenUrl, clientId: "gateway", ...overrides });
const grants = () => server.seen.map(({ fields }) => new Map(fields).get("grant_type"));
const failing = (status: number, headers: Record<string, string> = {}): TokenServer["answer"] => {
  return (_, out) => json(out, { error: "nope" }, status, headers);
};
const kept = (authorizer: ReturnType<TestGateway["compile"]>) => authorizer.authorize(testCall());

describe("a token of an endpoint", () => {
  it("is asked for once by any number of cold calls, and then given at once, as the same object", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security());
    const answers = await Promise.all(Array.from({ length: 500 }, () => authorizationOf(authorizer)));
    expect(new Set(answers)).toEqual(new Set(["Bearer token-1"]));
    expect(server.seen).toHaveLength(1);
    expect(kept(authorizer)).not.toBeInstanceOf(Promise);
    expect(kept(authorizer)).toBe(kept(authorizer));
    authorizer.release();
  });

  it("that is slow to come keeps 500 calls waiting for one request, and no other endpoint", async () => {
    const gateway = new TestGateway();
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    server.answer = async ({ fields }, out) => {
      if (fields.some(([name, value]) => name === "scope" && value === "slow")) await held;
      json(out, { access_token: "t", expires_in: 60 });
    };
    const slow = gateway.compile(security({ scope: "slow" }));
    const fast = gateway.compile(security());
    const waiting = Promise.all(Array.from({ length: 500 }, () => authorizationOf(slow)));
    expect(await authorizationOf(fast)).toBe("Bearer t");
    letGo();
    expect(new Set(await waiting)).toEqual(new Set(["Bearer t"]));
    expect(server.seen).toHaveLength(2);
  });

  it("is renewed in the background before it expires, while the old one serves, and not without traffic", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security({ skewSeconds: 60 }));
    expect(await authorizationOf(authorizer)).toBe("Bearer token-1");
    gateway.clock.forward(3_539_000);
    expect(kept(authorizer)).toMatchObject({ accessToken: "token-1" });
    expect(server.seen).toHaveLength(1);
    gateway.clock.forward(2000);
    // In the skew: the call is not made to wait, and any number of calls begin one renewal.
    for (let call = 0; call < 100; call += 1) expect(kept(authorizer)).toMatchObject({ accessToken: "token-1" });
    await expect.poll(() => (kept(authorizer) as CachedToken).accessToken).toBe("token-2");
    expect(server.seen).toHaveLength(2);
  });

  it("serves until it expires when its renewal fails, and no longer", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security());
    await authorizationOf(authorizer);
    server.answer = failing(503);
    gateway.clock.forward(3_580_000);
    expect(kept(authorizer)).toMatchObject({ accessToken: "token-1" });
    await expect.poll(() => gateway.keeper.view()[0]?.lastError?.kind).toBe("serverError");
    expect(kept(authorizer)).toMatchObject({ accessToken: "token-1" });
    expect(gateway.keeper.view()[0]?.state).toBe("kept");
    await expect.poll(() => server.seen.length).toBe(3);
    gateway.clock.forward(20_001);
    await expect(authorizationOf(authorizer)).rejects.toMatchObject({ kind: "serverError" });
  });

  it("whose renewal fails is not asked for again by every call, but after its back-off or Retry-After", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security({ skewSeconds: 300 }));
    await authorizationOf(authorizer);
    server.answer = failing(503);
    gateway.clock.forward(3_301_000);
    const failures = () => expect.poll(() => gateway.keeper.view()[0]?.renewalFailures);
    kept(authorizer);
    await failures().toBe(1);
    // A single failure may be repeated at once; from the second on, the server is left alone.
    kept(authorizer);
    await failures().toBe(2);
    const asked = server.seen.length;
    for (let call = 0; call < 200; call += 1) {
      expect(kept(authorizer)).toMatchObject({ accessToken: "token-1" });
      if (call % 20 === 0) await turn();
    }
    expect(gateway.keeper.view()[0]).toMatchObject({ state: "kept", renewalFailures: 2 });
    expect(server.seen).toHaveLength(asked);
    server.answer = failing(429, { "retry-after": "30" });
    gateway.clock.forward(1001);
    for (let call = 0; call < 50; call += 1) kept(authorizer);
    await failures().toBe(3);
    expect(server.seen).toHaveLength(asked + 1);
    gateway.clock.forward(29_000);
    for (let call = 0; call < 50; call += 1) {
      kept(authorizer);
      await turn();
    }
    expect(server.seen).toHaveLength(asked + 1);
    server.answer = usual;
    gateway.clock.forward(1001);
    kept(authorizer);
    await expect.poll(() => gateway.keeper.view()[0]).toMatchObject({ renewalFailures: 0, lastError: null });
  });

  it("that lives shorter than the skew is renewed halfway, not by each call", async () => {
    server.answer = (_, out, number) => json(out, { access_token: `token-${number}`, expires_in: "10" });
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security({ skewSeconds: 30 }));
    await authorizationOf(authorizer);
    gateway.clock.forward(4999);
    for (let call = 0; call < 10; call += 1) kept(authorizer);
    await turn();
    expect(server.seen).toHaveLength(1);
  });

  it("whose life is zero or negative serves the calls that waited and no other", async () => {
    for (const expiresIn of [0, -1]) {
      server.seen.length = 0;
      server.answer = (_, out, number) => json(out, { access_token: `token-${number}`, expires_in: expiresIn });
      const authorizer = new TestGateway().compile(security());
      expect(await Promise.all([authorizationOf(authorizer), authorizationOf(authorizer)])).toEqual(["Bearer token-1", "Bearer token-1"]);
      expect(await authorizationOf(authorizer)).toBe("Bearer token-2");
    }
  });

  it("is asked for anew whenever anything changes of what makes it", async () => {
    const gateway = new TestGateway();
    const base = {
      scope: "a",
      parameters: [
        { name: "p", value: "1" },
        { name: "q", secret: true },
      ],
    };
    const secrets = { clientSecret: "s", password: "pw", "parameters/q": "x" };
    const password = { ...base, grantType: "password", username: "svc" };
    const variants: [object, Record<string, string>, object?][] = [
      [base, secrets],
      [{ ...base, clientId: "other" }, secrets],
      [{ ...base, tokenUrl: `${server.tokenUrl}?x` }, secrets],
      [{ ...base, scope: "b" }, secrets],
      [{ ...base, clientAuthentication: "body" }, secrets],
      [
        {
          ...base,
          parameters: [
            { name: "p", value: "2" },
            { name: "q", secret: true },
          ],
        },
        secrets,
      ],
      [
        {
          ...base,
          parameters: [
            { name: "q", secret: true },
            { name: "p", value: "1" },
          ],
        },
        secrets,
      ],
      [base, { ...secrets, clientSecret: "s2" }],
      [base, { ...secrets, "parameters/q": "y" }],
      [password, secrets],
      [{ ...password, username: "svc2" }, secrets],
      [password, { ...secrets, password: "pw2" }],
      [base, secrets, { owner: "api-1:sandbox:" }],
      [base, secrets, { endpointUrl: "https://elsewhere.internal" }],
    ];
    const authorizers = variants.map(([overrides, values, context]) => gateway.compile(security(overrides), values, context));
    const tokens = new Set<string | null>();
    for (const authorizer of authorizers) tokens.add(await authorizationOf(authorizer));
    expect(tokens.size).toBe(variants.length);
    // What is not part of it changes nothing.
    const same = gateway.compile(security({ ...base, skewSeconds: 5, timeoutMs: 500, username: "unused" }), {
      ...secrets,
      password: "unused",
    });
    expect(same.authorize(testCall())).toMatchObject({ accessToken: "token-1" });
  });

  it("outlives a redeployment that changes nothing of it, and goes with its last deployment", async () => {
    const gateway = new TestGateway();
    const first = gateway.compile(security());
    await authorizationOf(first);
    const second = gateway.compile(security());
    first.release();
    first.release();
    expect(second.authorize(testCall())).toMatchObject({ accessToken: "token-1" });
    // Renewals go over the connections of the deployment that is left.
    gateway.clock.forward(3_600_000);
    expect(await authorizationOf(second)).toBe("Bearer token-2");
    second.release();
    expect(gateway.keeper.view()).toEqual([]);
    expect(gateway.connections.size).toBe(0);
    const third = gateway.compile(security());
    expect(await authorizationOf(third)).toBe("Bearer token-3");
  });

  it("survives that a newer deployment is taken back", async () => {
    const gateway = new TestGateway();
    const first = gateway.compile(security());
    gateway.compile(security()).release();
    expect(await authorizationOf(first)).toBe("Bearer token-1");
  });

  it("makes room for others when there are too many: the one unused for the longest time goes", async () => {
    const gateway = new TestGateway(new TestClock(), { maxTokens: 2 });
    const [a, b, c] = ["a", "b", "c"].map((scope) => gateway.compile(security({ scope })));
    if (!a || !b || !c) throw new Error("There are three.");
    for (const authorizer of [a, b, a, c]) {
      gateway.clock.forward(1);
      await authorizationOf(authorizer);
    }
    const asked = [a, b, c].map((authorizer) => authorizer.authorize(testCall()));
    expect(asked.map((one) => one instanceof Promise)).toEqual([false, true, false]);
    await Promise.all(asked);
  });
});

describe("a refresh token", () => {
  const withRefresh: TokenServer["answer"] = (_, out, number) =>
    json(out, { access_token: `token-${number}`, expires_in: 60, refresh_token: `refresh-${number}` });

  it("is used for the renewal, and replaced by the one that comes with it", async () => {
    server.answer = withRefresh;
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security());
    for (let round = 0; round < 3; round += 1) {
      await authorizationOf(authorizer);
      gateway.clock.forward(60_000);
    }
    expect(grants()).toEqual(["client_credentials", "refresh_token", "refresh_token"]);
    expect(server.seen.map(({ fields }) => new Map(fields).get("refresh_token"))).toEqual([undefined, "refresh-1", "refresh-2"]);
  });

  it("stays when no new one comes", async () => {
    server.answer = (_, out, number) =>
      json(out, { access_token: `token-${number}`, expires_in: 60, ...(number === 1 ? { refresh_token: "only" } : {}) });
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security());
    for (let round = 0; round < 3; round += 1) {
      await authorizationOf(authorizer);
      gateway.clock.forward(60_000);
    }
    expect(grants()).toEqual(["client_credentials", "refresh_token", "refresh_token"]);
  });

  it("that is refused is given up for the original grant, once, in the same call", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security());
    server.answer = (request, out, number) =>
      new Map(request.fields).get("grant_type") === "refresh_token"
        ? json(out, { error: "invalid_grant" }, 400)
        : withRefresh(request, out, number);
    await authorizationOf(authorizer);
    gateway.clock.forward(60_000);
    expect(await authorizationOf(authorizer)).toBe("Bearer token-3");
    expect(grants()).toEqual(["client_credentials", "refresh_token", "client_credentials"]);
  });

  it("stays for later when the server was only away", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security());
    server.answer = withRefresh;
    await authorizationOf(authorizer);
    gateway.clock.forward(60_000);
    server.answer = failing(503);
    await expect(authorizationOf(authorizer)).rejects.toMatchObject({ kind: "serverError" });
    server.answer = withRefresh;
    await authorizationOf(authorizer);
    expect(grants()).toEqual(["client_credentials", "refresh_token", "refresh_token"]);
  });

  it("is left alone where that is configured", async () => {
    server.answer = withRefresh;
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security({ useRefreshToken: false }));
    await authorizationOf(authorizer);
    gateway.clock.forward(60_000);
    await authorizationOf(authorizer);
    expect(grants()).toEqual(["client_credentials", "client_credentials"]);
  });
});

describe("a token endpoint that fails", () => {
  it("fails the calls that wait, is asked again by the next one, and then ever more seldom", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security());
    server.answer = failing(401);
    await Promise.all(Array.from({ length: 20 }, () => expect(authorizationOf(authorizer)).rejects.toMatchObject({ kind: "refused" })));
    expect(server.seen).toHaveLength(1);
    const pauses: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      await expect(authorizationOf(authorizer)).rejects.toMatchObject({ kind: "refused" });
      const before = server.seen.length;
      const retryAtMs = gateway.keeper.view()[0]?.retryAtMs ?? 0;
      pauses.push(retryAtMs - gateway.clock.ms);
      gateway.clock.forward(retryAtMs - gateway.clock.ms - 1);
      const during = await authorizationOf(authorizer).catch((error: unknown) => error);
      expect(during).toMatchObject({ kind: "refused", retryAfterSeconds: 1 });
      expect(server.seen).toHaveLength(before);
      gateway.clock.forward(1);
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    server.answer = usual;
    expect(await authorizationOf(authorizer)).toMatch(/^Bearer /);
    expect(gateway.keeper.view()[0]).toMatchObject({ state: "kept", lastError: null, retryAtMs: null });
  });

  it("is left alone for as long as it asks", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security());
    server.answer = failing(429, { "retry-after": "20" });
    await expect(authorizationOf(authorizer)).rejects.toMatchObject({ kind: "rateLimited", retryAfterSeconds: 20 });
    gateway.clock.forward(19_000);
    await expect(authorizationOf(authorizer)).rejects.toMatchObject({ kind: "rateLimited", retryAfterSeconds: 1 });
    expect(server.seen).toHaveLength(1);
    gateway.clock.forward(1000);
    server.answer = usual;
    expect(await authorizationOf(authorizer)).toBe("Bearer token-2");
  });
});

describe("a call that waits for a token", () => {
  it("leaves with its caller and after its own time, and the token is kept for the others all the same", async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    server.answer = async (_, out) => {
      await held;
      json(out, { access_token: "late", expires_in: 60 });
    };
    const gateway = new TestGateway();
    const patient = gateway.compile(security());
    const hasty = gateway.compile(security(), { clientSecret: "s3cret" }, { waitMs: 50 });
    const leaver = testCall();
    const left = authorizationOf(patient, leaver);
    const tooLong = authorizationOf(hasty);
    const waiting = authorizationOf(patient);
    leaver.caller.leave();
    await expect(left).rejects.toMatchObject({ kind: "callerGone" });
    await expect(tooLong).rejects.toMatchObject({ kind: "timeout" });
    await expect(authorizationOf(patient, leaver)).rejects.toMatchObject({ kind: "callerGone" });
    letGo();
    expect(await waiting).toBe("Bearer late");
    expect(server.seen).toHaveLength(1);
    expect(gateway.keeper.view()[0]?.waiting).toBe(0);
  });

  it("leaves no listener on its caller behind", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security());
    const call = testCall();
    await authorizationOf(authorizer, call);
    let told = 0;
    call.caller.whenGone(() => {
      told += 1;
    });
    call.caller.leave();
    expect(told).toBe(1);
  });

  it("is refused when too many wait already, and told when its deployment goes", async () => {
    server.answer = () => undefined;
    const gateway = new TestGateway();
    const handle = gateway.keeper.take(
      { key: "k", skewMs: 0, timeoutMs: 1000, useRefreshToken: true, request: () => new Promise(() => undefined) },
      { waitMs: 10_000, maxWaiting: 2 },
    );
    const waiting = [handle.get(testCall()), handle.get(testCall())];
    await expect(handle.get(testCall())).rejects.toMatchObject({ kind: "tooManyWaiting" });
    handle.release();
    for (const one of waiting) await expect(one).rejects.toMatchObject({ kind: "released" });
  });
});

describe("a token that the backend refuses", () => {
  it("is replaced once, by one request, for all calls that used it", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security());
    const calls = Array.from({ length: 50 }, () => testCall());
    const first = await Promise.all(calls.map((call) => authorizer.authorize(call)));
    const second = await Promise.all(calls.map((call, index) => first[index] && authorizer.refused(call, first[index], ["Bearer"])));
    expect(new Set(second.map((credentials) => credentials?.authorization))).toEqual(new Set(["Bearer token-2"]));
    expect(server.seen).toHaveLength(2);
    // One of before that comes late does not take the newer one away.
    const [late, credentials] = [testCall(), first[0]];
    expect(credentials && (await authorizer.refused(late, credentials, []))).toMatchObject({ authorization: "Bearer token-2" });
    expect(server.seen).toHaveLength(2);
  });

  it("is replaced ever more seldom by a backend that refuses every token", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security());
    const refuse = async () => {
      const call = testCall();
      const credentials = await authorizer.authorize(call);
      return authorizer.refused(call, credentials, []);
    };
    for (let call = 0; call < 1000; call += 1) {
      await refuse();
      gateway.clock.forward(10);
    }
    // Ten seconds of a hundred calls each: one at first, two replacements at once, and then after 1, 2 and 4 seconds.
    expect(server.seen.length).toBeLessThanOrEqual(7);
    // Once one was good for a while, it is replaced at once again.
    gateway.clock.forward(120_000);
    expect(await refuse()).not.toBeNull();
  });

  it("is not replaced by itself: a server that gives the same one again has its backend's 401 handed on", async () => {
    server.answer = (_, out) => json(out, { access_token: "the-same", expires_in: 60 });
    const authorizer = new TestGateway().compile(security());
    const call = testCall();
    const credentials = await authorizer.authorize(call);
    expect(await authorizer.refused(call, credentials, [])).toBeNull();
    expect(call.notes.join()).toContain("returned the same one");
  });

  it("is replaced by the original grant: what was granted with it may have ended with it", async () => {
    server.answer = (_, out, number) => json(out, { access_token: `token-${number}`, expires_in: 60, refresh_token: "r" });
    const authorizer = new TestGateway().compile(security());
    const call = testCall();
    await authorizer.refused(call, await authorizer.authorize(call), []);
    expect(grants()).toEqual(["client_credentials", "client_credentials"]);
  });

  it("fails the call when no other one is to be had, instead of handing on a 401 that is about the gateway", async () => {
    const authorizer = new TestGateway().compile(security());
    const call = testCall();
    const credentials = await authorizer.authorize(call);
    server.answer = failing(401);
    await expect(authorizer.refused(call, credentials, [])).rejects.toMatchObject({ kind: "refused" });
  });
});

describe("the view of the keeper", () => {
  it("says since when and until when a token is kept and what failed last, by owner, and never a token or a secret", async () => {
    const gateway = new TestGateway();
    const startedAt = gateway.clock.ms;
    server.answer = (_, out) => json(out, { access_token: "t0ken", refresh_token: "r3fresh", expires_in: 600, scope: "orders" });
    await authorizationOf(gateway.compile(security()));
    server.answer = failing(400);
    const other = gateway.compile(security(), { clientSecret: "s3cret" }, { owner: "api-2:sandbox:" });
    await authorizationOf(other).catch(() => undefined);
    const [first] = gateway.keeper.view("api-1:");
    expect(first).toMatchObject({
      state: "kept",
      keptSinceMs: startedAt,
      expiresAtMs: startedAt + 600_000,
      scope: "orders",
      hasRefreshToken: true,
      lastRenewalAtMs: startedAt,
      lastError: null,
    });
    const [second] = gateway.keeper.view("api-2:");
    expect(second).toMatchObject({ state: "failing", keptSinceMs: null, lastError: { kind: "refused", atMs: startedAt } });
    expect(JSON.stringify(gateway.keeper.view())).not.toMatch(/t0ken|r3fresh|s3cret/);
  });

  it("drops a token and all waiting for the next attempt", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security());
    await authorizationOf(authorizer);
    await gateway.keeper.drop("api-1:");
    expect(gateway.keeper.view()[0]).toMatchObject({ state: "none", keptSinceMs: null });
    expect(await authorizationOf(authorizer)).toBe("Bearer token-2");
    await gateway.keeper.drop("api-1:");
    server.answer = failing(429, { "retry-after": "100" });
    await authorizationOf(authorizer).catch(() => undefined);
    await gateway.keeper.drop("api-1:");
    server.answer = usual;
    expect(await authorizationOf(authorizer)).toBe("Bearer token-4");
  });

  it("drops what is under way too: calls that wait get a token that was asked for after", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security());
    server.answer = (_, out, number) => (number === 1 ? undefined : json(out, { access_token: `token-${number}`, expires_in: 60 }));
    const waiting = authorizationOf(authorizer);
    await expect.poll(() => server.seen.length).toBe(1);
    await gateway.keeper.drop("api-1:");
    expect(await waiting).toBe("Bearer token-2");
  });
});
