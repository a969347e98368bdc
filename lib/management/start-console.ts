import { provideApiResources } from "@/lib/authorization-server/api-resources";
import { removeExpired } from "@/lib/authorization-server/expired";
import { ensureKeys, ROTATION_CHECK_MS, rotateDueKeys } from "@/lib/authorization-server/key-rotation";
import { ensureDefaultServer, writeIssuers } from "@/lib/authorization-server/servers";
import { captureRawRequests } from "@/lib/console-host/raw-capture";
import { answerClientErrors } from "@/lib/gateway/adapters/client-errors";
import { database } from "@/lib/platform/database";
import { callLog, logger } from "@/lib/platform/log";
import { sweepSessions } from "@/lib/platform/sessions";
import { findApiResource } from "./api-resources";
import { box } from "./context";
import { sweepOnSchedule } from "./retention";
import { embeddedGateway, startEmbeddedGateway } from "./runtime";
import { summarizeAll } from "./summaries";

const RETRY_MS = 2000;
const SWEEP_MS = 60 * 60 * 1000;

/**
 * Prepares the console before its first request: captures raw requests, creates the default authorization server and missing
 * signing keys, and loads the active deployments. If the database is unreachable, it retries in the background.
 */
export async function startConsole({ development }: { development: boolean }): Promise<void> {
  // In development, the framework uses WebSockets.
  captureRawRequests(undefined, !development);
  answerClientErrors(callLog());
  provideApiResources(findApiResource);
  startEmbeddedGateway();
  rotateKeysOnSchedule();
  sweepOnSchedule();
  sweepSessionsOnSchedule();
  removeExpiredOnSchedule();
  try {
    await prepareServers();
    await embeddedGateway();
    summarizeInBackground();
  } catch (error) {
    logger().error({ err: error }, "can't read the database at startup; retrying every 2 seconds");
    prepareServersLater();
  }
}

async function prepareServers(): Promise<void> {
  await ensureDefaultServer(database(), box());
  await ensureKeys(database(), box());
  await writeIssuers(database());
}

/** Retries what polling doesn't cover; the gateway polls by itself. */
function prepareServersLater(): void {
  setTimeout(() => {
    prepareServers().then(summarizeInBackground, prepareServersLater);
  }, RETRY_MS).unref();
}

/** Computes missing summaries after an upgrade. Lists compute those they need earlier themselves. */
function summarizeInBackground(): void {
  summarizeAll().catch((error: unknown) =>
    logger().warn({ err: error }, "can't summarize the stored definitions; lists compute summaries on demand"),
  );
}

/** Rotates due signing keys every minute. Consoles that share a database coordinate by locking the server's row. */
function rotateKeysOnSchedule(): void {
  const rotate = async () => rotateDueKeys(database(), box());
  setInterval(() => {
    rotate().catch((error: unknown) => logger().warn({ err: error }, "can't rotate signing keys; retrying in 1 minute"));
  }, ROTATION_CHECK_MS).unref();
}

/** Sign-ins delete expired sessions too; this covers consoles without sign-ins. */
function sweepSessionsOnSchedule(): void {
  setInterval(() => {
    sweepSessions().catch((error: unknown) => logger().warn({ err: error }, "can't delete expired sessions; retrying in 1 hour"));
  }, SWEEP_MS).unref();
}

/** Writes delete expired data too; this covers data without writes. */
function removeExpiredOnSchedule(): void {
  setInterval(() => {
    removeExpired(database()).catch((error: unknown) =>
      logger().warn({ err: error }, "can't delete expired client secrets and tokens; retrying in 1 hour"),
    );
  }, SWEEP_MS).unref();
}
