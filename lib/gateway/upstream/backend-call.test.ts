import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { expect, it } from "vitest";
import { Caller } from "../http/caller";
import { RequestBody } from "../http/request-body";
import { startBackend } from "../testing/servers";
import { callBackend } from "./backend-call";
import { Deadlines } from "./deadlines";
import { Load } from "./load";
import { Turnstile } from "./turnstile";

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

it("counts a call for as long as it waits, and takes one that has failed out of the queue", async () => {
  const backend = await startBackend(() => undefined);
  const pool = new Pool(backend.origin, { connections: 1 });
  const load = new Load(100);
  const turnstile = new Turnstile(1);
  const deadlines = new Deadlines(50);
  const first = new Caller();
  const request = (caller: Caller, list = deadlines) => ({
    method: "POST",
    path: "/",
    headers: [],
    body: new RequestBody(Readable.from([Buffer.from("x")]), { idleTimeoutMs: 60_000, minRate: 0 }),
    closes: false,
    deadlines: list,
    idleTimeoutMs: 60_000,
    totalTimeoutMs: null,
    caller,
    load,
    turnstile,
    client: () => "198.51.100.1",
  });
  const failures: string[] = [];
  const listener = { onResponse: () => undefined, onFailure: (error: { kind: string }) => void failures.push(error.kind) };
  callBackend(pool, request(first, new Deadlines(60_000)), listener);
  for (let index = 0; index < 20; index += 1) callBackend(pool, request(new Caller()), listener);
  await expect.poll(() => failures.length, { timeout: 2000 }).toBe(20);
  expect([load.calls, pool.stats.queued]).toEqual([1, 0]);
  first.leave();
  await expect.poll(() => load.calls, { timeout: 2000 }).toBe(0);
  expect(pool.stats.queued).toBe(0);
  await pool.destroy();
  await backend.close();
});

it("leaves no timer behind for the body of a caller that went away before the call was sent", async () => {
  const backend = await startBackend();
  const pool = new Pool(backend.origin);
  const load = new Load(100);
  const before = timers();
  for (let index = 0; index < 10; index += 1) {
    const caller = new Caller();
    caller.leave();
    const body = new RequestBody(new Readable({ read: () => undefined }), { idleTimeoutMs: 50, minRate: 0 });
    callBackend(
      pool,
      {
        method: "POST",
        path: "/",
        headers: [],
        body,
        closes: false,
        deadlines: new Deadlines(50),
        idleTimeoutMs: 50,
        totalTimeoutMs: null,
        caller,
        load,
        turnstile: new Turnstile(1),
        client: () => "198.51.100.1",
      },
      { onResponse: () => undefined, onFailure: () => undefined },
    );
  }
  await sleep(300);
  expect(timers() - before).toBeLessThanOrEqual(1);
  await pool.destroy();
  await backend.close();
});
