import { setTimeout as delay } from "node:timers/promises";
import { database } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { logger } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import { inTransaction } from "./context";

const SWEEP_MS = 60 * 60 * 1000;
/** Delays the first sweep, to leave the start undisturbed. */
const FIRST_SWEEP_MS = 60 * 1000;
const PAUSE_MS = 200;
/** Maximum rows deleted at once, to keep locks short. */
const BATCH = 500;

/** Retention limits; null disables one. */
export interface Retention {
  /** Age in days at which activity entries are deleted. */
  activityDays: number | null;
  /** Newest deployments to retain per API. The active one is always retained. */
  deployments: number | null;
}

/** Rows that a sweep deleted. */
export interface Swept {
  activity: number;
  deployments: number;
  secrets: number;
}

/** Repeats a batch until it deletes fewer rows than {@link BATCH}. */
async function inBatches(batch: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await batch();
    total += count;
    if (count < BATCH) return total;
    await delay(PAUSE_MS);
  }
}

const sweepActivity = (days: number) =>
  inBatches(
    () => database().$executeRaw`
      DELETE FROM "Activity" WHERE "id" IN (
        SELECT "id" FROM "Activity" WHERE "at" < timezone('utc', now()) - make_interval(days => ${days}::int) ORDER BY "at" LIMIT ${BATCH})`,
  );

/** Locks the API, because a rollback may be restoring one of the deployments. */
async function sweepDeploymentsOf(apiId: string, retained: number): Promise<number> {
  return inBatches(() =>
    inTransaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM "Api" WHERE "id" = ${apiId} FOR UPDATE`;
      return tx.$executeRaw`
        DELETE FROM "Deployment" WHERE "apiId" = ${apiId} AND "number" IN (
          SELECT d."number" FROM "Deployment" d JOIN "Api" a ON a."id" = d."apiId"
          WHERE d."apiId" = ${apiId} AND d."number" IS DISTINCT FROM a."activeNumber"
            AND d."number" NOT IN (SELECT "number" FROM "Deployment" WHERE "apiId" = ${apiId} ORDER BY "number" DESC LIMIT ${retained})
          ORDER BY d."number" LIMIT ${BATCH})`;
    }),
  );
}

async function sweepDeployments(retained: number): Promise<number> {
  const apis = await database().$queryRaw<{ apiId: string }[]>`
    SELECT "apiId" FROM "Deployment" GROUP BY "apiId" HAVING count(*) > ${retained}`;
  let total = 0;
  for (const { apiId } of apis) {
    total += await sweepDeploymentsOf(apiId, retained);
    await delay(PAUSE_MS);
  }
  return total;
}

/** Deletes the secret versions that neither the draft nor a deployment refers to. Locks the API. */
async function sweepSecretsOf(apiId: string): Promise<number> {
  return inTransaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "Api" WHERE "id" = ${apiId} FOR UPDATE`;
    return tx.$executeRaw`
      DELETE FROM "Secret" WHERE "ownerId" = ${apiId} AND "id" NOT IN (
        SELECT e.value FROM "Api" a, jsonb_each_text(a."draftSecrets") e WHERE a."id" = ${apiId} AND e.value IS NOT NULL
        UNION ALL
        SELECT e.value FROM "Deployment" d, jsonb_each_text(d."secrets") e WHERE d."apiId" = ${apiId} AND e.value IS NOT NULL)`;
  });
}

async function sweepSecrets(): Promise<number> {
  // An API with as many secrets as its draft refers to has none to delete, and needs no lock.
  const apis = await database().$queryRaw<{ id: string }[]>`
    SELECT a."id" FROM "Api" a WHERE (SELECT count(*) FROM "Secret" s WHERE s."ownerId" = a."id") >
      (SELECT count(DISTINCT e.value) FROM jsonb_each_text(a."draftSecrets") e)`;
  let total = 0;
  for (const { id } of apis) {
    total += await sweepSecretsOf(id);
    await delay(PAUSE_MS);
  }
  return total;
}

/**
 * Deletes old activity entries, old deployments (never the active one), and unreferenced secret versions. Consoles that share a
 * database can sweep concurrently.
 */
export async function sweep({ activityDays, deployments }: Retention): Promise<Swept> {
  return {
    activity: activityDays === null ? 0 : await sweepActivity(activityDays),
    deployments: deployments === null ? 0 : await sweepDeployments(deployments),
    secrets: await sweepSecrets(),
  };
}

/** Starts hourly sweeps. */
export function sweepOnSchedule(): void {
  singleton("retention", () => {
    const run = async () => {
      try {
        const swept = await sweep(environment().keep);
        if (swept.activity + swept.deployments + swept.secrets > 0) logger().info(swept, "deleted data beyond the retention limits");
      } catch (error) {
        logger().warn({ err: error }, "can't delete data beyond the retention limits; retrying in 1 hour");
      }
    };
    setTimeout(() => void run(), FIRST_SWEEP_MS).unref();
    return setInterval(() => void run(), SWEEP_MS).unref();
  });
}
