import { describe, expect, it } from "vitest";
import { until } from "@/lib/data-plane/testing/launch";
import { assignmentOf, kept, said, unreachable } from "./testing/kept";

describe("a keeper with a copy on disk", () => {
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
    state.answer = unreachable;
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
