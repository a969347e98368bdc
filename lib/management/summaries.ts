import { setTimeout as delay } from "node:timers/promises";
import { database } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import { asJson, referencesOf } from "./api-view";
import { SUMMARY_VERSION, summarizeStored } from "./definition-summary";

/** Pause between two definitions, in which this process serves requests. */
const PAUSE_MS = 5;

/**
 * Computes all summaries that are missing or from another version, sequentially. Lists compute those they need earlier.
 */
export async function summarizeAll(): Promise<void> {
  const db = database();
  const apis = await db.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Api" WHERE "summary" IS NULL OR "summary"->>'version' IS DISTINCT FROM ${SUMMARY_VERSION}`;
  for (const { id } of apis) {
    const row = await db.api.findUnique({ where: { id }, select: { draft: true, draftSecrets: true, revision: true } });
    if (!row) continue;
    const summary = summarizeStored(row.draft, referencesOf(row.draftSecrets), row.revision);
    await db.api.updateMany({ where: { id, revision: row.revision }, data: { summary: asJson(summary) } });
    await delay(PAUSE_MS);
  }
  const deployments = await db.$queryRaw<{ apiId: string; number: number }[]>`
    SELECT "apiId", "number" FROM "Deployment" WHERE "summary" IS NULL OR "summary"->>'version' IS DISTINCT FROM ${SUMMARY_VERSION}`;
  for (const { apiId, number } of deployments) {
    const row = await db.deployment.findUnique({
      where: { apiId_number: { apiId, number } },
      select: { definition: true, secrets: true },
    });
    if (!row) continue;
    const summary = summarizeStored(row.definition, referencesOf(row.secrets), number);
    await db.deployment.updateMany({ where: { apiId, number }, data: { summary: asJson(summary) } });
    await delay(PAUSE_MS);
  }
  if (apis.length + deployments.length > 0)
    logger().info({ drafts: apis.length, deployments: deployments.length }, "summarized the stored definitions for this version");
}
