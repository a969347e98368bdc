import { setTimeout as delay } from "node:timers/promises";
import { database } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { logger } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import { inTransaction } from "./context";

const SWEEP_MS = 60 * 60 * 1000;
/** After a start there is more important work. */
const FIRST_SWEEP_MS = 60 * 1000;
const PAUSE_MS = 200;
/** As many rows go at a time: other writes wait no longer than such a batch takes. */
const BATCH = 500;

/** What is kept; null keeps everything. */
export interface Keep {
  /** How many days an entry of the activity list stays. */
  activityDays: number | null;
  /** How many deployments of each API stay, the newest. The active one always does. */
  deployments: number | null;
}

/** How many rows a sweep removed. */
export interface Swept {
  activity: number;
  deployments: number;
  secrets: number;
}

/** Runs a batch until it removes fewer rows than it may. */
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

/** Under the lock of the API, because a rollback may be restoring one of them. */
async function sweepDeploymentsOf(apiId: string, kept: number): Promise<number> {
  return inBatches(() =>
    inTransaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM "Api" WHERE "id" = ${apiId} FOR UPDATE`;
      return tx.$executeRaw`
        DELETE FROM "Deployment" WHERE "apiId" = ${apiId} AND "number" IN (
          SELECT d."number" FROM "Deployment" d JOIN "Api" a ON a."id" = d."apiId"
          WHERE d."apiId" = ${apiId} AND d."number" IS DISTINCT FROM a."activeNumber"
            AND d."number" NOT IN (SELECT "number" FROM "Deployment" WHERE "apiId" = ${apiId} ORDER BY "number" DESC LIMIT ${kept})
          ORDER BY d."number" LIMIT ${BATCH})`;
    }),
  );
}

async function sweepDeployments(kept: number): Promise<number> {
  const apis = await database().$queryRaw<{ apiId: string }[]>`SELECT "apiId" FROM "Deployment" GROUP BY "apiId" HAVING count(*) > ${kept}`;
  let total = 0;
  for (const { apiId } of apis) {
    total += await sweepDeploymentsOf(apiId, kept);
    await delay(PAUSE_MS);
  }
  return total;
}

/** Removes the versions of an API's secrets that neither its draft nor a deployment refers to, under the lock of the API. */
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
  // An API with as many secrets as its draft has slots has none to remove; only the others are looked at under their lock.
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
 * Removes what is no longer kept: old entries of the activity list, deployments beyond the newest ones (never the active one),
 * and versions of secrets that nothing refers to. Consoles of one database may sweep at the same time.
 */
export async function sweep({ activityDays, deployments }: Keep): Promise<Swept> {
  return {
    activity: activityDays === null ? 0 : await sweepActivity(activityDays),
    deployments: deployments === null ? 0 : await sweepDeployments(deployments),
    secrets: await sweepSecrets(),
  };
}

/** Sweeps once an hour from now on. */
export function sweepOnSchedule(): void {
  singleton("retention", () => {
    const run = async () => {
      try {
        const swept = await sweep(environment().keep);
        if (swept.activity + swept.deployments + swept.secrets > 0) logger().info(swept, "removed what is no longer kept");
      } catch (error) {
        logger().warn({ err: error }, "can't remove what is no longer kept; the next try is in an hour");
      }
    };
    setTimeout(() => void run(), FIRST_SWEEP_MS).unref();
    return setInterval(() => void run(), SWEEP_MS).unref();
  });
}
