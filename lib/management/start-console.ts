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
 * What the console process does before its first request: it begins to capture raw requests, makes the
 * default authorization server when there is none and the keys that servers lack, and loads the active deployments.
 * A database that is away does not stop it; the gateway's polling tries again.
 */
export async function startConsole({ development }: { development: boolean }): Promise<void> {
  // In development the framework talks to its pages by WebSocket.
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
    logger().error({ err: error }, "the database could not be read at start; Gatewright tries again on its own");
    prepareServersLater();
  }
}

async function prepareServers(): Promise<void> {
  await ensureDefaultServer(database(), box());
  await ensureKeys(database(), box());
  await writeIssuers(database());
}

/** The polling of the gateway begins by itself; this is what would be left undone. */
function prepareServersLater(): void {
  setTimeout(() => {
    prepareServers().then(summarizeInBackground, prepareServersLater);
  }, RETRY_MS).unref();
}

/** After an upgrade: lists that need a summary earlier compute it themselves. */
function summarizeInBackground(): void {
  summarizeAll().catch((error: unknown) =>
    logger().warn({ err: error }, "can't summarize the stored definitions; lists do it when they are read"),
  );
}

/** Looks once a minute whether signing keys are due. The consoles of one database agree on it by the server's row. */
function rotateKeysOnSchedule(): void {
  const rotate = async () => rotateDueKeys(database(), box());
  setInterval(() => {
    rotate().catch((error: unknown) => logger().warn({ err: error }, "signing keys could not be rotated; the next try is in a minute"));
  }, ROTATION_CHECK_MS).unref();
}

/** Sign-ins sweep too; this is for a console that nobody signs in to. */
function sweepSessionsOnSchedule(): void {
  setInterval(() => {
    sweepSessions().catch((error: unknown) => logger().warn({ err: error }, "can't delete expired sessions; retrying in an hour"));
  }, SWEEP_MS).unref();
}

/** Writes remove what has expired too; this is for what nobody writes beside. */
function removeExpiredOnSchedule(): void {
  setInterval(() => {
    removeExpired(database()).catch((error: unknown) =>
      logger().warn({ err: error }, "can't remove expired client secrets and tokens; retrying in an hour"),
    );
  }, SWEEP_MS).unref();
}
