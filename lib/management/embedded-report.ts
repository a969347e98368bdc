import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { createReporter, type Reporter } from "@/lib/gateway-host/reporter";
import { DISK_RELEASE_BYTES } from "@/lib/platform/disk-reserve";
import { environment } from "@/lib/platform/env";
import { type Problem, watchDisk } from "@/lib/platform/problems";
import { VERSION } from "@/lib/platform/version";
import { embeddedDatabase } from "./embedded-database";

/** The ID of this process's gateway: one console per host and port. */
export const embeddedId = (): string => `embedded-${hostname()}-${environment().port}`;

/** The start of this process. */
export const embeddedSince = (): Date => new Date(performance.timeOrigin);

/** Creates the reporter of this process's gateway. */
export const embeddedReporter = (): Reporter =>
  createReporter(embeddedDatabase().query, {
    id: embeddedId(),
    kind: "embedded",
    host: hostname(),
    address: environment().gatewayUrl,
    version: VERSION,
    since: embeddedSince(),
  });

/** The embedded Postgres leaves its address in the data directory, and is read-only when the disk has no room but a reserve. */
export function watchEmbeddedDisk(): () => readonly Problem[] {
  const { dataDir } = environment();
  return watchDisk(dataDir, existsSync(join(dataDir, "run/database-url")) ? DISK_RELEASE_BYTES : 0);
}
