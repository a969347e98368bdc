import { ensureDefaultServer } from "@/lib/authorization-server/servers";
import { captureRawRequests } from "@/lib/gateway/adapters/raw-capture";
import { database } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import { box } from "./context";
import { embeddedGateway } from "./runtime";

/**
 * What the console process does before its first request: it begins to capture raw requests, makes the
 * default authorization server when there is none, and loads the active deployments.
 * A database that is away does not stop it; the gateway's polling tries again.
 */
export async function startConsole({ development }: { development: boolean }): Promise<void> {
  // In development the framework talks to its pages by WebSocket.
  captureRawRequests(undefined, !development);
  try {
    await ensureDefaultServer(database(), box());
    await embeddedGateway();
  } catch (error) {
    logger().error({ err: error }, "the database could not be read at start; Gatewright tries again on its own");
  }
}
