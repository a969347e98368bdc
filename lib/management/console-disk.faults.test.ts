import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "@/lib/data-plane/testing/launch";
import { startLoad } from "@/lib/data-plane/testing/load";
import { canMount, type SmallDisk, smallDisk } from "@/lib/testing/small-disk";
import { type ConsoleResponse, type ConsoleTopology, guarded, startConsoleTopology } from "./testing/console-topology";

/** Room for the embedded Postgres as it begins, the reserve, and some tens of MB to write. */
const DISK_MEGABYTES = 320;
const folder = mkdtempSync(join(tmpdir(), "gw-console-disk-"));
let disk: SmallDisk;
let topology: ConsoleTopology;

describe.runIf(canMount())("a console whose embedded Postgres has a full disk", () => {
  beforeAll(async () => {
    disk = smallDisk(join(folder, "disk"), DISK_MEGABYTES);
    const dataDir = join(disk.folder, "data");
    mkdirSync(dataDir);
    topology = await startConsoleTopology({ dataDir, env: {} });
  });
  afterAll(async () => {
    await topology?.close();
    disk?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  let written = 0;
  /** Creates an API of some 100 KB that do not compress. */
  const write = (): Promise<ConsoleResponse> => {
    written += 1;
    const set = Array.from({ length: 20 }, (_, index) => ({ name: `x-${index}`, value: randomBytes(2400).toString("base64") }));
    const flows = [{ request: [{ policy: "transform-headers", config: { set } }] }];
    return topology.manage("POST", "/apis", { ...guarded(`written-${written}`, "http://127.0.0.1:9"), flows });
  };

  it("answers writes with 503 and Retry-After, reads and calls as ever, says it, and writes again by itself when there is room", async () => {
    const acknowledged: string[] = [];
    const wrong: string[] = [];
    const writeOnce = async () => {
      const answer = await write();
      if (answer.status === 201) acknowledged.push(String(answer.body.id));
      else if (answer.status !== 503 || answer.retryAfter === null)
        wrong.push(`write: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`);
      return answer.status;
    };
    const { body } = await topology.token();
    const load = startLoad(`${topology.balancer.url}/guarded/x`, { authorization: `Bearer ${body.access_token}` }, 4);
    expect(await writeOnce()).toBe(201);
    const from = topology.console.output().length;

    disk.fill(4_000_000);
    await until(topology.readiness, ({ status, degraded }) => status === 200 && /disk/i.test(degraded), 60_000);
    await until(
      () => topology.metric('gatewright_problem{problem="disk"}'),
      (value) => value === "1",
    );
    let refused = 0;
    for (let attempt = 0; attempt < 200 && refused < 10; attempt++) if ((await writeOnce()) === 503) refused += 1;
    expect(refused).toBe(10);
    // Reads need no room; one that comes while the database is started again is 503, and is answered soon.
    await until(
      () => topology.manage("GET", `/apis/${acknowledged[0]}/definition`),
      ({ status, retryAfter }) => {
        if (status !== 200 && (status !== 503 || retryAfter === null)) wrong.push(`read: ${status}`);
        return status === 200;
      },
      60_000,
    );
    const calls = load.succeeded();
    await until(load.succeeded, (now) => now >= calls + 200);

    disk.clear();
    await until(writeOnce, (status) => status === 201, 90_000);
    for (let turn = 0; turn < 10; turn++) expect(await writeOnce()).toBe(201);
    await until(topology.readiness, ({ status, degraded }) => status === 200 && degraded === "[]", 60_000);
    // The metric is read from a report that may be half a second older than readiness.
    await until(
      () => topology.metric('gatewright_problem{problem="disk"}'),
      (value) => value === "0",
    );
    expect(await load.stop()).toEqual([]);
    expect(wrong).toEqual([]);
    for (const id of acknowledged) expect((await topology.manage("GET", `/apis/${id}/definition`)).status).toBe(200);
    const log = topology.console.output().slice(from);
    expect(log).toMatch(/"problem":"disk","msg":"The data directory's disk is almost full/);
    expect(log).toMatch(/"problem":"disk","msg":"problem resolved"/);
  });

  it("that has no byte left for a while deploys again when there is room, and every gateway serves what was acknowledged", async () => {
    const api = await topology.manage("POST", "/apis", guarded("later", `${topology.console.url}/samples/echo`));
    const path = `/apis/${api.body.id}/deployments`;
    disk.fill();
    const statuses = new Set<number>();
    let refused = 0;
    for (let attempt = 0; attempt < 300 && refused < 40; attempt++) {
      const { status, retryAfter } = await write();
      statuses.add(retryAfter === null && status !== 201 ? 0 : status);
      if (status === 503) refused += 1;
    }
    expect([...statuses].filter((status) => status !== 201)).toEqual([503]);
    // Whatever else is written to the disk, what is stored can be read, and tokens are issued.
    for (let turn = 0; turn < 20; turn++)
      expect([(await topology.manage("GET", path)).status, (await topology.token()).status]).toEqual([200, 200]);
    disk.clear();
    const { body } = await until(
      () => topology.manage("POST", path, {}),
      ({ status }) => status === 201,
      90_000,
    );
    for (const gateway of topology.gateways)
      await until(
        () => gateway.get("/later/x"),
        ({ status }) => status === 401,
        60_000,
      );
    const listed = await topology.manage("GET", path);
    expect(JSON.stringify(listed.body.items)).toContain(`"number":${body.number}`);
    await until(topology.readiness, ({ status, degraded }) => status === 200 && degraded === "[]", 60_000);
  });
});
