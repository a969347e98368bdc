import { headers } from "next/headers";
import { PAGE_HEADER } from "@/lib/client-address/private-headers";
import { pageResponse } from "@/lib/console-host/raw-capture";
import { unavailability } from "@/lib/platform/database-unavailable";
import { logger } from "@/lib/platform/log";

const RETRY_AFTER_SECONDS = 3;

/**
 * Returns a page's data, or null with status 503 if the database is unavailable. Next can only fail a page with 500, so the
 * status is set on the raw response.
 * @throws errors that aren't about the database, such as Next's redirects
 */
export async function unlessUnavailable<T>(work: Promise<T>): Promise<{ value: T } | null> {
  try {
    return { value: await work };
  } catch (error) {
    if (unavailability(error) === undefined) throw error;
    logger().warn({ err: error }, "database unavailable; page returned 503");
    const response = pageResponse((await headers()).get(PAGE_HEADER));
    if (response && !response.headersSent) {
      response.statusCode = 503;
      response.setHeader("Retry-After", String(RETRY_AFTER_SECONDS));
    }
    return null;
  }
}
