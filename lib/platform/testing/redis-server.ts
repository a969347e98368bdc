import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@/lib/testing/free-port";

/** A test's own Redis that can be stopped and restarted on the same port. */
export interface OwnRedis {
  port: number;
  /** Kills it and its data. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Accepts connections but doesn't respond until {@link resume}. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

/**
 * Starts a `redis-server` with these settings.
 * @param portSetting `tls-port` for TLS only
 */
export async function ownRedis(settings: readonly string[] = [], portSetting: "port" | "tls-port" = "port"): Promise<OwnRedis> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "gatewright-redis-"));
  const ports = portSetting === "port" ? ["--port", String(port)] : ["--port", "0", "--tls-port", String(port)];
  let child: ReturnType<typeof spawnRedis> | null = null;
  const kill = () => child?.process.kill("SIGKILL");
  process.once("exit", kill);
  const redis: OwnRedis = {
    port,
    async start() {
      child = spawnRedis([...ports, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", directory, ...settings]);
      await child.ready;
    },
    async stop() {
      kill();
      await child?.ended;
    },
    pause: () => child?.process.kill("SIGSTOP"),
    resume: () => child?.process.kill("SIGCONT"),
    async close() {
      await redis.stop();
      process.off("exit", kill);
      rmSync(directory, { recursive: true, force: true });
    },
  };
  await redis.start();
  return redis;
}

function spawnRedis(args: readonly string[]) {
  const server = spawn("redis-server", args, { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    let output = "";
    server.once("error", reject);
    server.once("close", () => reject(new Error(`redis-server ended: ${output}`)));
    server.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("Ready to accept connections")) resolve();
    });
  });
  return { process: server, ready, ended };
}
