import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { trustedProxies } from "@/lib/client-address/trusted-proxies";
import { type Environment, readEnvironment } from "@/lib/platform/env";
import { createOutbound, type Outbound } from "@/lib/platform/outbound/connector";
import { type RedisServer, shownRedis } from "@/lib/platform/redis-settings";
import { secretKeyPath, storedSecretKey } from "@/lib/platform/secret-key-file";
import { StartFailure } from "@/lib/platform/start-failure";

/** What a data plane is told by its environment and its command line. */
export interface Settings {
  port: number;
  workers: number;
  /** Absolute. */
  dataDir: string;
  /** 32 bytes in base64. */
  secretKey: string;
  /** This gateway's name among all of them: its report, its copy and its lock go by it. */
  instance: string;
  host: string;
  /** Where callers reach it, without a trailing slash. */
  publicUrl: string;
  /** The Redis that it is configured with, for people; null for none. */
  redisServer: RedisServer | null;
  /** How many percent of the successful requests the log of calls has. */
  callLogPercent: number;
  /** The bearer tokens that `/metrics` accepts. */
  metricsTokens: readonly string[];
  /** Opens the connections to backends and authorization servers. */
  outbound: Outbound;
  /** Whether this neighbour's word about the caller counts. */
  trustsProxy(peerAddress: string): boolean;
  /** Where Postgres is, looked up anew at each connection; null while nothing says it. */
  databaseUrl(): Promise<string | null>;
}

const USAGE = "npm run gateway -- --workers 4";

/**
 * Reads and checks everything before anything starts.
 * @throws StartFailure or EnvironmentError, with a line for each thing that is wrong
 */
export async function readSettings(env: Readonly<Record<string, string | undefined>>, args: readonly string[]): Promise<Settings> {
  const environment = readEnvironment({ ...env, ...optionsOf(args) });
  const dataDir = resolve(environment.dataDir);
  const host = hostname();
  return {
    port: environment.gatewayPort,
    workers: environment.gatewayWorkers,
    dataDir,
    secretKey: await existingSecretKey(environment, dataDir),
    instance: environment.instance ?? instanceName(host, environment.gatewayPort),
    host,
    publicUrl: environment.dataPlaneUrl,
    redisServer: environment.redis && shownRedis(environment.redis),
    callLogPercent: environment.callLogPercent,
    metricsTokens: [environment.metricsToken, environment.adminToken].filter((token) => token !== undefined),
    outbound: createOutbound(environment.outbound),
    trustsProxy: trustedProxies(environment.trustedProxies),
    databaseUrl: () => databaseUrl(environment, dataDir),
  };
}

/** What the command line says, as the variables that mean the same. */
function optionsOf(args: readonly string[]): Record<string, string> {
  try {
    const { values } = parseArgs({ args: [...args], options: { workers: { type: "string" }, port: { type: "string" } }, strict: true });
    return {
      ...(values.workers === undefined ? {} : { GATEWAY_WORKERS: values.workers }),
      ...(values.port === undefined ? {} : { GATEWAY_PORT: values.port }),
    };
  } catch (error) {
    throw new StartFailure(`${error instanceof Error ? error.message : String(error)} Known are --workers and --port: ${USAGE}`);
  }
}

/** A data plane that made a key of its own could decrypt nothing: it goes without only by refusing. */
async function existingSecretKey({ secretKey }: Environment, dataDir: string): Promise<string> {
  const key = secretKey ?? (await storedSecretKey(dataDir));
  if (key) return key;
  throw new StartFailure(
    `There is no secret key: set GATEWRIGHT_SECRET_KEY to that of the console, or GATEWRIGHT_DATA_DIR to its data directory (${secretKeyPath(dataDir)} is not there). A data plane never makes one.`,
  );
}

/** Stable for a host and port, so that a restart finds its own copy; only characters that a file's name may have. */
export function instanceName(host: string, port: number): string {
  const name = host.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return `${name.slice(0, 90) || "gateway"}-${port}`;
}

/** `DATABASE_URL`, or the embedded Postgres of the `npm start` that runs on the same data directory. */
async function databaseUrl(environment: Environment, dataDir: string): Promise<string | null> {
  if (environment.databaseUrl) return environment.databaseUrl;
  const written = await readFile(join(dataDir, "run", "database-url"), "utf8").catch(() => "");
  return written.trim() || null;
}
