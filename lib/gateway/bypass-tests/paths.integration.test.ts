import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROTECTED, type RealBackend, startExpress, startExpressThatRewrites, startFastify, startLenient } from "./backends";
import { CLOSED, GUARDS, type Guard, type GuardedGateway, isProtected, LEFT_TO_OTHERS, startGuarded } from "./guarded";
import { mutations } from "./mutations";
import { startNginx } from "./nginx";
import { RawClient } from "./raw-client";

const RUNS = 1500;
const STARTERS = [startExpress, startFastify, () => startNginx(process.env.NGINX_PATH), startLenient, startExpressThatRewrites];
const NAMES = ["Express", "Fastify", "nginx", "a server that reads every spelling", "Express that rewrites"];
/** The areas that have an API of their own in the tests of nested context paths. */
const INNER = ["private", "tasks"];
const AREAS = [...PROTECTED, "app/private"];
const mutation = mutations([...AREAS, "private/secret", "tasks/1"]);

let backends: RealBackend[] = [];
let guarded: GuardedGateway;

const backendCalled = (name: string): RealBackend => {
  const found = backends.find((backend) => backend.name === name);
  if (!found) throw new Error(`There is no backend called ${name}.`);
  return found;
};

beforeAll(async () => {
  backends = await Promise.all(STARTERS.map((start) => start()));
  guarded = await startGuarded(backends);
});
afterAll(async () => {
  await Promise.all([guarded?.close(), ...backends.map((backend) => backend.close())]);
});

describe.each(NAMES)("without a token, no spelling of a path reaches what is protected on %s", (name) => {
  it.each(GUARDS.map((guard) => [guard.name, guard] as const))("with %s", async (_name, guard) => {
    const contextPath = guarded.contextPath(backendCalled(name), guard);
    await fc.assert(
      fc.asyncProperty(mutation, async ({ authority, below }) => {
        const reply = await guarded.client.get(`${authority}${contextPath}${below}`);
        expect(isProtected(reply)).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });
});

describe.each(NAMES)("where one API lies below another, no spelling of a path gets past the inner one on %s", (name) => {
  it.each([{}, { allowSemicolon: true, allowEncodedSlash: true }])("with paths %j", async (paths) => {
    const areas = PROTECTED.map(
      (area): Guard => ({ name: area, base: `/${area}`, definition: { contextPath: `/outer/${area}`, flows: CLOSED, paths } }),
    );
    const outer: Guard = { name: "outer", base: "", definition: { contextPath: "/outer", flows: LEFT_TO_OTHERS, paths } };
    const nested = await startGuarded([backendCalled(name)], [outer, ...areas]);
    for (const area of INNER) {
      expect((await nested.client.get(`/outer/${area}/x`)).status).toBe(401);
      expect(isProtected(await nested.client.get(`/outer/${area}/x`, ["Authorization: Bearer good"]))).toBe(true);
    }
    expect((await nested.client.get("/outer/public/x")).status).toBe(200);
    await fc.assert(
      fc.asyncProperty(mutations([...INNER, "private/secret"]), async ({ authority, below }) => {
        expect(isProtected(await nested.client.get(`${authority}/outer${below}`))).toBe(false);
      }),
      { numRuns: RUNS },
    );
    await nested.close();
  });
});

describe.each(NAMES)("what the test proves of %s", (name) => {
  it("is not that nothing gets there: many of the same paths do where only a prefix of the path is compared", async () => {
    const backend = backendCalled(name);
    const client = new RawClient(backend.port);
    let reached = 0;
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(mutation, async ({ below }) => {
        sent += 1;
        if (AREAS.some((area) => below.startsWith(`/${area}`))) return;
        if (isProtected(await client.get(below))) reached += 1;
      }),
      { numRuns: RUNS },
    );
    client.close();
    expect(reached / sent).toBeGreaterThan(0.02);
  });

  it.each(GUARDS.slice(0, -1).map((guard) => [guard.name, guard] as const))(
    "is not that the backend is away, with %s",
    async (_name, guard) => {
      const contextPath = guarded.contextPath(backendCalled(name), guard);
      for (const area of PROTECTED) {
        const reply = await guarded.client.get(`${contextPath}/${area}`, ["Authorization: Bearer good"]);
        expect(isProtected(reply), `${area} ${reply.text}`).toBe(true);
        expect((await guarded.client.get(`${contextPath}/${area}`)).status).toBe(401);
      }
      expect((await guarded.client.get(`${contextPath}/public/x`)).text).toContain("public");
    },
  );
});
