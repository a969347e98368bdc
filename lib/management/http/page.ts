import { headers } from "next/headers";
import { pageResponse } from "@/lib/console-host/raw-capture";
import { unavailability } from "@/lib/platform/database-unavailable";
import { logger } from "@/lib/platform/log";
import { PAGE_HEADER } from "@/lib/platform/peer";

const RETRY_AFTER_SECONDS = 3;

/**
 * What a page needs from the database, or null when the database can't be read; the page's status is 503 then. Next itself knows
 * no other failure of a page than 500, so the status is set on the response that the page is written to.
 * @throws what isn't about the database, such as Next's redirects
 */
export async function unlessUnavailable<T>(work: Promise<T>): Promise<{ value: T } | null> {
  try {
    return { value: await work };
  } catch (error) {
    if (unavailability(error) === undefined) throw error;
    logger().warn({ err: error }, "can't read the database for a page");
    const response = pageResponse((await headers()).get(PAGE_HEADER));
    if (response && !response.headersSent) {
      response.statusCode = 503;
      response.setHeader("Retry-After", String(RETRY_AFTER_SECONDS));
    }
    return null;
  }
}
