import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { canMount, type SmallDisk, smallDisk } from "@/lib/testing/small-disk";
import { type FaultTopology, logged, says, startFaultTopology, well } from "../testing/fault-topology";
import { type LaunchedGateway, until } from "../testing/launch";

let topology: FaultTopology;
let disk: SmallDisk;
const folder = mkdtempSync(join(tmpdir(), "gw-disk-"));
const isRoot = canMount();

beforeAll(async () => {
  topology = await startFaultTopology();
});
afterAll(async () => {
  await topology?.close();
  rmSync(folder, { recursive: true, force: true });
});

const NOTHING_WRONG = { failures: [], opened: [], lost: [] };
let contexts = 0;

/** Has an API take a path without a token, then with one: what was open is open no longer. */
const open = (guarded: boolean) =>
  topology.console.deploy("changing", {
    contextPath: `/changing-${contexts}`,
    endpoints: { production: { url: topology.backendUrl } },
    resources: [{ name: "own", type: "oauth2-builtin", config: { server: "shop" } }],
    flows: guarded ? [{ request: [{ policy: "oauth2", config: { resource: "own" } }] }] : [],
  });
const answers = (gateway: LaunchedGateway, status: number) =>
  until(
    () => gateway.get(`/changing-${contexts}/x`).catch(() => ({ status: 0 })),
    (answer) => answer.status === status,
    60_000,
  );
const copyOf = () => readFileSync(join(disk.folder, "data/gateways/gateway-1.json"), "utf8");

describe.runIf(isRoot)("a disk of a gateway that", () => {
  let gateway: LaunchedGateway;

  async function onSmallDisk(): Promise<void> {
    contexts += 1;
    await topology.gateways[0].stop();
    disk = smallDisk(join(folder, String(contexts)), 24);
    mkdirSync(join(disk.folder, "data"));
    await open(false);
    gateway = await topology.launch(0, { dataDir: join(disk.folder, "data") });
    await well(gateway);
    await answers(gateway, 200);
    await until(copyOf, (text) => text.includes(`/changing-${contexts}`));
  }
  afterEach(async () => {
    await topology.gateways[0].stop();
    disk.remove();
    await topology.ways.postgres.mend();
    await well(await topology.launch(0));
  });

  it("is full keeps a newer copy from being written: it is said, the older one goes, and it is written when there is room", async () => {
    await onSmallDisk();
    const observed = await topology.underLoad(async (progress) => {
      disk.fill();
      await open(true);
      await answers(gateway, 401);
      await says(gateway, /configuration can't be written: a restart without Postgres would serve nothing/);
      expect(await topology.metric(gateway, "gatewright_problem", { problem: "copy" })).toBe(1);
      await progress(100);
      disk.clear();
      await well(gateway);
      expect(await topology.metric(gateway, "gatewright_problem", { problem: "copy" })).toBe(0);
    });
    expect(observed).toMatchObject(NOTHING_WRONG);
    await logged(gateway, /the last-known-good configuration can't be written; retrying/);
    await logged(gateway, /the last-known-good configuration is written again/);
    expect(copyOf()).toContain(`/changing-${contexts}`);
  });

  it("is full opens nothing after a restart without Postgres", async () => {
    await onSmallDisk();
    disk.fill();
    await open(true);
    await answers(gateway, 401);
    await says(gateway, /configuration can't be written/);
    gateway.signal("SIGKILL");
    await gateway.ended;
    await topology.ways.postgres.cut();
    // The other serves what it has; this one has nothing that it may serve.
    const again = await topology.launch(0, { dataDir: join(disk.folder, "data") });
    await answers(again, 503);
  });

  it("is read-only is said, with what a restart would serve, and is over when it can be written", async () => {
    await onSmallDisk();
    const observed = await topology.underLoad(async (progress) => {
      disk.setReadOnly(true);
      await open(true);
      await answers(gateway, 401);
      await says(gateway, /configuration can't be written: a restart without Postgres would serve older deployments/);
      await progress(100);
      disk.setReadOnly(false);
      await well(gateway);
    });
    expect(observed).toMatchObject(NOTHING_WRONG);
    expect(copyOf()).toContain(`/changing-${contexts}`);
  });

  it("cuts a copy short leaves one that is ignored, and nothing is served from it", async () => {
    await onSmallDisk();
    gateway.signal("SIGKILL");
    await gateway.ended;
    await topology.ways.postgres.cut();
    truncateSync(join(disk.folder, "data/gateways/gateway-1.json"), 700);
    const again = await topology.launch(0, { dataDir: join(disk.folder, "data") });
    await answers(again, 503);
    await logged(again, /ignoring the last-known-good configuration/);
    await topology.ways.postgres.mend();
    await well(again);
    await answers(again, 200);
  });
});
