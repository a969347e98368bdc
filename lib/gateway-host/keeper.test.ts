import { describe, expect, it } from "vitest";
import { createCopyWriter } from "@/lib/data-plane/copy-writer";
import type { LastKnownGood } from "@/lib/data-plane/last-known-good";
import { until } from "@/lib/data-plane/testing/launch";
import { DatabaseUnavailable } from "@/lib/platform/database-unavailable";
import type { Assignment } from "./assignment";
import type { Health } from "./health";
import { createKeeper } from "./keeper";
import type { AssignmentTaker } from "./keeper-parts";
import { NOTHING_ENDED } from "./revocations";
import type { TokenState } from "./token-state";

const assignmentOf = (number: number): Assignment => ({
  deployments: [{ apiId: "api_1", number, json: "{}" }],
  servers: [],
  ended: NOTHING_ENDED,
  tokenDrops: [],
});

/** A keeper whose Postgres, disk and gateway a test holds in its hands. */
function kept(
  options: {
    copy?: Assignment | null;
    refuses?: number;
    sharing?: boolean;
    disk?: { full: boolean };
    tokens?: TokenState["endpointTokens"];
  } = {},
) {
  const state = {
    answer: null as Assignment | Error | null,
    looks: [] as (Assignment | null)[],
    taken: [] as number[],
    health: [] as Health[],
    written: [] as Assignment[],
    reports: 0,
    removed: false,
    copyRemoved: false,
  };
  const serving: AssignmentTaker = {
    async take({ deployments }) {
      const numbers = deployments.map(({ number }) => number);
      if (numbers.includes(options.refuses ?? 0)) throw new Error("it cannot be taken");
      state.taken.push(...numbers);
      return { deployments, problems: [], serving: 1 };
    },
    setHealth: (health) => state.health.push(health),
    onChange: () => undefined,
    tokens: async () => ({ endpointTokens: options.tokens ?? [], sharing: options.sharing ?? true }),
  };
  const copy: LastKnownGood = {
    read: async () => (options.copy ? { assignment: options.copy, writtenAt: "then" } : null),
    async write(assignment) {
      if (options.disk?.full) throw new Error("ENOSPC: no space left on device");
      state.written.push(assignment);
    },
    async remove() {
      state.copyRemoved = true;
    },
  };
  const keeper = createKeeper({
    serving,
    workers: 1,
    proofs: null,
    failsOver: true,
    source: {
      heardAt: () => performance.now(),
      async read(known) {
        state.looks.push(known);
        const { answer } = state;
        if (answer instanceof Error) throw answer;
        state.answer = null;
        return answer;
      },
    },
    copy: (onChange) => createCopyWriter(copy, onChange),
    reporter: {
      async send() {
        state.reports += 1;
      },
      problems: () => [],
      async remove() {
        state.removed = true;
      },
    },
  });
  return { keeper, state };
}

const away = new DatabaseUnavailable("Postgres at nowhere is unreachable.");
const said = (state: { health: Health[] }) => state.health.at(-1);

describe("a keeper", () => {
  it("says that tokens are not shared, and only that Redis is away when it is", async () => {
    const { keeper, state } = kept({ sharing: false });
    state.answer = assignmentOf(1);
    await keeper.start();
    expect(said(state)).toMatchObject({ ready: true, degraded: [expect.stringMatching(/^Backend tokens aren't shared/)] });
    keeper.redisState("nothing listens there");
    expect(said(state)).toMatchObject({ degraded: [expect.stringMatching(/^Redis is unreachable/)], dependencies: { redis: false } });
    keeper.redisState(null);
    expect(said(state)).toMatchObject({ degraded: [expect.stringMatching(/^Backend tokens/)], dependencies: { redis: true } });
    await keeper.stop();
  });

  it("says which backend tokens can't be renewed, and when they can again", async () => {
    const token = {
      apiId: "api_1",
      environment: "production",
      state: "kept",
      keptSince: null,
      expiresAt: null,
      lastRenewalAt: null,
    } as const;
    const lastError = { at: new Date().toISOString(), kind: "refused", message: "The token endpoint refused." };
    const tokens = [{ ...token, lastError, retryAt: null, scope: null, hasRefreshToken: false }];
    const { keeper, state } = kept({ tokens });
    state.answer = assignmentOf(1);
    await keeper.start();
    expect(said(state)).toMatchObject({
      ready: true,
      problems: ["backend-tokens"],
      degraded: [expect.stringContaining("api_1 production (refused)")],
    });
    tokens.length = 0;
    await expect.poll(() => said(state)?.problems, { timeout: 10_000 }).toEqual([]);
    expect(said(state)).toMatchObject({ degraded: [] });
    await keeper.stop();
  });

  it("takes over what Postgres says and keeps a copy of it, and not of what came from the copy", async () => {
    const { keeper, state } = kept({ copy: assignmentOf(1) });
    state.answer = assignmentOf(2);
    await keeper.start();
    expect(state).toMatchObject({ taken: [2], written: [assignmentOf(2)], reports: 1 });
    expect(said(state)).toMatchObject({ ready: true, degraded: [], dependencies: { postgres: true } });
    await keeper.stop();
    expect(state.removed).toBe(true);
    expect(said(state)).toMatchObject({ draining: true });
  });

  it("serves the copy while Postgres is away, asks for what has changed since, and forgets nothing meanwhile", async () => {
    const { keeper, state } = kept({ copy: assignmentOf(1) });
    state.answer = away;
    await keeper.start();
    expect(state.taken).toEqual([1]);
    expect(said(state)?.degraded.join()).toMatch(/^Postgres is unreachable since .*: no new deployments arrive\.$/);
    state.answer = assignmentOf(2);
    keeper.look();
    await until(
      () => said(state)?.degraded.length,
      (count) => count === 0,
    );
    expect(state.looks.at(-1)).toEqual(assignmentOf(1));
    expect(state.taken).toEqual([1, 2]);
    await keeper.stop();
  });

  it("looks at once when something is announced, and once more when it came during a look", async () => {
    const { keeper, state } = kept();
    await keeper.start();
    const before = state.looks.length;
    keeper.look();
    expect(state.looks.length).toBe(before + 1);
    keeper.look();
    await until(
      () => state.looks.length,
      (count) => count >= before + 2,
    );
    await keeper.stop();
  });

  it("reads everything anew when what was read could not be handed over", async () => {
    const { keeper, state } = kept({ refuses: 2 });
    state.answer = assignmentOf(2);
    await keeper.start();
    expect(said(state)?.ready ?? false).toBe(false);
    state.answer = assignmentOf(3);
    keeper.look();
    await until(
      () => state.taken,
      (numbers) => numbers.includes(3),
    );
    expect(state.looks.at(1)).toBeNull();
    await keeper.stop();
  });

  it("hands over at once what has ended, and copies it a little later or when it stops, because the copy holds everything", async () => {
    const { keeper, state } = kept();
    const first = assignmentOf(1);
    state.answer = first;
    await keeper.start();
    expect(state.written).toEqual([first]);
    const second = { ...first, ended: { parts: [{ key: "1", tokens: [["shop", "one"] as const] }], clients: [] } };
    state.answer = second;
    keeper.look();
    await until(
      () => state.taken,
      (numbers) => numbers.length === 2,
    );
    expect(state.written).toEqual([first]);
    await keeper.stop();
    expect(state.written).toEqual([first, second]);
  });

  it("looks no more when it was told to stop", async () => {
    const { keeper, state } = kept();
    await keeper.start();
    await keeper.stop();
    const after = state.looks.length;
    keeper.look();
    expect(state.looks.length).toBe(after);
  });

  it("takes the outdated copy away when the new one can't be written, says so, and tries again until it can", async () => {
    const disk = { full: true };
    const { keeper, state } = kept({ disk });
    state.answer = assignmentOf(1);
    await keeper.start();
    await until(
      () => said(state)?.degraded.join() ?? "",
      (text) => /configuration can't be written: a restart without Postgres would serve nothing/.test(text),
    );
    expect(state).toMatchObject({ copyRemoved: true, written: [] });
    expect(said(state)?.problems).toContain("copy");
    disk.full = false;
    await until(
      () => state.written,
      (written) => written.length > 0,
    );
    expect(state.written.at(-1)).toEqual(assignmentOf(1));
    await until(
      () => said(state)?.problems,
      (problems) => problems?.length === 0,
    );
    await keeper.stop();
  });
});
