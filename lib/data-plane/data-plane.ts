import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createKeeper } from "@/lib/gateway-host/keeper";
import { createReporter } from "@/lib/gateway-host/reporter";
import { createSource } from "@/lib/gateway-host/source";
import { ClaimedError, claim } from "@/lib/platform/claims";
import { logger } from "@/lib/platform/log";
import { watchDisk } from "@/lib/platform/problems";
import { subscribeToDeployments } from "@/lib/platform/redis";
import { sharedProofs } from "@/lib/platform/redis-proofs";
import { findGatewayKeyProblem } from "@/lib/platform/secret-key-check";
import { secretKeyPath } from "@/lib/platform/secret-key-file";
import type { Shutdown } from "@/lib/platform/shutdown";
import { StartFailure } from "@/lib/platform/start-failure";
import { VERSION } from "@/lib/platform/version";
import { createCopyWriter } from "./copy-writer";
import { lastKnownGood } from "./last-known-good";
import { createPostgres, type Postgres } from "./postgres";
import { createServing, requirePort } from "./serving";
import type { Settings } from "./settings";
import { createWorkerPool, type PoolParts } from "./workers/worker-pool";

/** How long calls that are under way may take when the process is told to end. */
const DRAIN_MS = 30_000;
/** How long a start waits for the database to say which key it needs: what it has saved is to be served within two seconds. */
const KEY_CHECK_MS = 1000;

/** Runs a data plane until it is told to stop. @throws StartFailure before it serves */
export async function runDataPlane(settings: Settings, shutdown: Shutdown, pool: PoolParts): Promise<void> {
  const folder = await claimInstance(settings, shutdown);
  await requirePort(settings.port);
  const serving = settings.workers === 1 ? createServing(settings) : createWorkerPool(settings, pool);
  const postgres = createPostgres(settings.databaseUrl);
  shutdown.add(() => postgres.close());
  await requireKeyOfDatabase(postgres, settings);
  const keeper = createKeeper({
    serving,
    source: createSource(postgres),
    copy: (onChange) => createCopyWriter(lastKnownGood(join(folder, `${settings.instance}.json`), settings.secretKey), onChange),
    reporter: createReporter(postgres.query, {
      id: settings.instance,
      kind: "data-plane",
      host: settings.host,
      address: settings.publicUrl,
      version: VERSION,
      since: new Date(),
    }),
    workers: settings.workers,
    proofs: sharedProofs(),
    outside: watchDisk(folder),
    about: { redisServer: settings.redisServer },
    failsOver: true,
  });
  const announcements = subscribeToDeployments(
    () => keeper.look(),
    (away) => keeper.redisState(away),
  );
  shutdown.add(async () => {
    announcements?.close();
    await Promise.all([keeper.stop(), serving.drain(DRAIN_MS)]);
    logger().info("the gateway has ended");
  });
  // A load balancer that tries the port finds it closed until there is something to serve, or nothing has come for two seconds.
  await keeper.start();
  await serving.listen();
  logger().info(
    { port: settings.port, url: settings.publicUrl, instance: settings.instance, workers: settings.workers, version: VERSION },
    "the gateway listens",
  );
}

/**
 * Makes sure that this gateway can decrypt what it reads. A database that doesn't answer at once doesn't stop it: it serves its
 * last-known-good configuration, which opens with the right key only.
 * @throws StartFailure when the database's secrets are encrypted with another key
 */
async function requireKeyOfDatabase(postgres: Postgres, { secretKey, dataDir }: Settings): Promise<void> {
  const check = findGatewayKeyProblem((text, values) => postgres.query(text, values), secretKey, secretKeyPath(dataDir)).catch(() => null);
  const patience = new AbortController();
  const problem = await Promise.race([check, delay(KEY_CHECK_MS, null, { signal: patience.signal }).catch(() => null)]);
  patience.abort();
  if (problem !== null) throw new StartFailure(problem);
}

/** Makes sure that no other process serves under this name: two would write one copy and one row. */
async function claimInstance({ dataDir, instance, port }: Settings, shutdown: Shutdown): Promise<string> {
  const folder = join(dataDir, "gateways");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    const held = await claim(join(folder, `${instance}.lock`), "gateway", ["gateway"]);
    shutdown.add(() => held.release());
  } catch (error) {
    if (error instanceof ClaimedError) {
      throw new StartFailure(
        `The gateway ${instance} runs already, or is still ending (pid ${error.pid}). Stop it, wait until it has ended, or start this one on a port other than ${port} (GATEWAY_PORT) or under another name (GATEWRIGHT_INSTANCE).`,
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartFailure(`The folder ${folder} cannot be used: ${reason}. Set GATEWRIGHT_DATA_DIR to a folder that this user may write.`);
  }
  return folder;
}
