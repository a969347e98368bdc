import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { children, type FaultTopology, logged, says, startFaultTopology, well } from "../testing/fault-topology";
import { type LaunchedGateway, until } from "../testing/launch";

let topology: FaultTopology;
const folder = mkdtempSync(join(tmpdir(), "gw-processes-"));
const shiftedClock = join(folder, "shifted-clock.cjs");
/** A process whose clock differs by the milliseconds in a file. Changing the machine's clock would change everybody's. */
writeFileSync(
  shiftedClock,
  `const { readFileSync } = require("node:fs");
  let offset = 0;
  const read = () => { offset = Number(readFileSync(process.env.CLOCK_OFFSET_FILE, "utf8")) || 0; };
  read();
  setInterval(read, 200).unref();
  const RealDate = Date;
  globalThis.Date = class Date extends RealDate {
    constructor(...args) { if (args.length === 0) super(RealDate.now() + offset); else super(...args); }
    static now() { return RealDate.now() + offset; }
  };`,
);

beforeAll(async () => {
  topology = await startFaultTopology();
});
afterAll(async () => {
  await topology?.close();
  rmSync(folder, { recursive: true, force: true });
});

const restart = async (which: 0 | 1, args: string[] = []) => {
  await topology.gateways[which].stop();
  await well(await topology.launch(which, { args }));
};

/** As many POST as there are callers can be under way in a process that dies; everything else is served. */
const CALLERS = 8;
const onlyWrites = (failures: readonly string[]) => {
  expect(failures.filter((failure) => failure.startsWith("GET"))).toEqual([]);
  expect(failures.filter((failure) => failure.startsWith("POST")).length).toBeLessThanOrEqual(CALLERS);
};

describe("two gateways behind the shipped nginx", () => {
  it("lose no call in two rolling restarts with SIGTERM, with and without workers", async () => {
    const observed = await topology.underLoad(async (progress) => {
      for (const args of [["--workers", "2"], []]) {
        for (const which of [0, 1] as const) {
          topology.gateways[which].signal("SIGTERM");
          expect(await topology.gateways[which].ended).toBe(0);
          await progress(100);
          await well(await topology.launch(which, { args }));
          await progress(100);
        }
      }
    });
    expect(observed).toMatchObject({ failures: [], opened: [], lost: [] });
  });

  it("lose only what was under way when one is killed", async () => {
    const observed = await topology.underLoad(async (progress) => {
      topology.gateways[0].signal("SIGKILL");
      await topology.gateways[0].ended;
      await progress(300);
      await well(await topology.launch(0));
      await progress(100);
    });
    onlyWrites(observed.failures);
    expect(observed).toMatchObject({ opened: [], lost: [] });
  });

  it("lose only what was under way when a worker is killed, and replace it", async () => {
    await restart(0, ["--workers", "2"]);
    const [gateway] = topology.gateways;
    const observed = await topology.underLoad(async (progress) => {
      const [killed = 0] = children(gateway.pid);
      process.kill(killed, "SIGKILL");
      await until(
        () => children(gateway.pid),
        (pids) => pids.length === 2 && !pids.includes(killed),
      );
      await progress(100);
      await well(gateway);
    });
    onlyWrites(observed.failures);
    expect(observed).toMatchObject({ opened: [], lost: [] });
    await logged(gateway, /a worker ended; another takes its place/);
    await logged(gateway, /all workers serve again/);
  });

  it("lose only what was under way in a worker that hangs, and replace it", async () => {
    await restart(0, ["--workers", "2"]);
    const [gateway] = topology.gateways;
    const observed = await topology.underLoad(async (progress) => {
      const [hung = 0] = children(gateway.pid);
      process.kill(hung, "SIGSTOP");
      await until(
        () => children(gateway.pid),
        (pids) => pids.length === 2 && !pids.includes(hung),
        60_000,
      );
      await progress(100);
      await well(gateway);
    });
    // One that says nothing is given up by nginx when its connection breaks: a GET goes to the other gateway then.
    onlyWrites(observed.failures);
    expect(observed).toMatchObject({ opened: [], lost: [] });
    await logged(gateway, /a worker hangs; it is killed/);
    expect(await topology.metric(gateway, "gatewright_problem", { problem: "workers" })).toBe(0);
  });

  it("serve on while nobody reads the log of one", async () => {
    await restart(0, ["--workers", "2"]);
    const [gateway] = topology.gateways;
    gateway.pauseOutput();
    const observed = await topology.underLoad((progress) => progress(6000));
    gateway.resumeOutput();
    expect(observed).toMatchObject({ failures: [], opened: [], lost: [] });
  });

  it("serve with clocks that differ from the database's and from each other's, say so, and say when it is over", async () => {
    const offsets = ["ahead", "behind"].map((name) => join(folder, name));
    const problem = (gateway: LaunchedGateway) => topology.metric(gateway, "gatewright_problem", { problem: "clock" });
    for (const which of [0, 1] as const) {
      writeFileSync(offsets[which] ?? "", which === 0 ? "20000" : "-20000");
      await topology.gateways[which].stop();
      const args = { nodeArgs: ["--require", shiftedClock], env: { CLOCK_OFFSET_FILE: offsets[which] ?? "" } };
      await says(await topology.launch(which, args), /clock differs from the database's by more than 5 s/);
    }
    const observed = await topology.underLoad(async (progress) => {
      for (const gateway of topology.gateways) expect(await problem(gateway)).toBe(1);
      await progress(300);
      for (const path of offsets) writeFileSync(path, "0");
      for (const gateway of topology.gateways) {
        await well(gateway);
        await until(
          () => problem(gateway),
          (value) => value === 0,
        );
        await logged(gateway, /"problem":"clock","msg":"This machine's clock/);
        await logged(gateway, /"problem":"clock","msg":"problem resolved"/);
      }
      await progress(100);
    });
    expect(observed).toMatchObject({ failures: [], opened: [], lost: [] });
    await restart(0);
    await restart(1);
  });

  it("refuse what is beyond 256 descriptors, and serve again afterwards", async () => {
    await topology.gateways[0].stop();
    const command = ["bash", "-c", `ulimit -n 256; exec ${process.execPath} dist/gateway.js`];
    const gateway = await topology.launch(0, { command });
    await well(gateway);
    const authorization = `Bearer ${await topology.token()}`;
    const statuses = await Promise.all(
      Array.from({ length: 600 }, () =>
        fetch(`${gateway.url}/orders/x`, { headers: { authorization, connection: "close" }, signal: AbortSignal.timeout(60_000) }).then(
          async (response) => {
            await response.arrayBuffer();
            return response.status;
          },
          () => 0,
        ),
      ),
    );
    expect(statuses.filter((status) => status !== 200 && status < 500 && status !== 0)).toEqual([]);
    await well(gateway);
    for (let turn = 0; turn < 20; turn++) expect((await gateway.get("/orders/x", { authorization })).status).toBe(200);
    expect((await gateway.get("/orders/x")).status).toBe(401);
    await restart(0);
  });
});
