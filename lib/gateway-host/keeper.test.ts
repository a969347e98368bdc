import { describe, expect, it } from "vitest";
import { until } from "@/lib/data-plane/testing/launch";
import { assignmentOf, kept, said, unreachable } from "./testing/kept";

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

  it("refreshes by a read that begins after the call, which all waiting callers share", async () => {
    const { keeper, state } = kept();
    await keeper.start();
    const before = state.looks.length;
    await Promise.all([keeper.refresh(), keeper.refresh(), keeper.refresh()]);
    expect(state.looks.length).toBe(before + 2);
    await keeper.stop();
  });

  it("rejects a refresh that can't read or load, and keeps serving", async () => {
    const { keeper, state } = kept({ refuses: 2 });
    state.answer = assignmentOf(1);
    await keeper.start();
    state.answer = assignmentOf(2);
    await expect(keeper.refresh()).rejects.toThrow("it cannot be taken");
    state.answer = unreachable;
    await expect(keeper.refresh()).rejects.toBe(unreachable);
    expect(keeper.health()).toMatchObject({ ready: true, problems: ["postgres"] });
    expect(keeper.loaded()).toBe(true);
    await keeper.stop();
  });

  it("isn't ready without any deployment that loads where requests can go elsewhere, and is ready where they can't", async () => {
    for (const failsOver of [true, false]) {
      const { keeper, state } = kept({ failsOver, problems: true });
      state.answer = assignmentOf(1);
      await keeper.start();
      expect(keeper.health()).toMatchObject({ ready: !failsOver, problems: ["deployments"] });
      await keeper.stop();
    }
  });

  it("reports that it drains, and keeps reading until it stops", async () => {
    const { keeper, state } = kept();
    state.answer = assignmentOf(1);
    await keeper.start();
    keeper.drain();
    expect(said(state)).toMatchObject({ draining: true });
    state.answer = assignmentOf(2);
    await until(
      () => state.taken,
      (numbers) => numbers.includes(2),
    );
    expect(state.removed).toBe(false);
    await keeper.stop();
    expect(state.removed).toBe(true);
  });

  it("looks no more when it was told to stop", async () => {
    const { keeper, state } = kept();
    await keeper.start();
    await keeper.stop();
    const after = state.looks.length;
    keeper.look();
    expect(state.looks.length).toBe(after);
  });
});
