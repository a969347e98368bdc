import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { database } from "@/lib/platform/database";
import { DISK_RELEASE_BYTES } from "@/lib/platform/disk-reserve";
import { environment } from "@/lib/platform/env";
import { createReporter, type Reporter } from "@/lib/platform/gateway-report";
import { logProblems, type Problem, problemLog, watchDisk } from "@/lib/platform/problems";
import { sharedProofs } from "@/lib/platform/redis-proofs";
import { singleton } from "@/lib/platform/singleton";
import { VERSION } from "@/lib/platform/version";

/** The row of this process's gateway: one console for each host and port. */
export const embeddedId = (): string => `embedded-${hostname()}-${environment().port}`;

/** What writes the row of this process's gateway. */
export const embeddedReporter = (): Reporter =>
  singleton("gateway-reporter", () =>
    createReporter((text, values = []) => database().$queryRawUnsafe<unknown[]>(text, ...values), {
      id: embeddedId(),
      kind: "embedded",
      host: hostname(),
      address: environment().gatewayUrl,
      version: VERSION,
      since: new Date(performance.timeOrigin),
    }),
  );

/** The embedded Postgres leaves its address in the data directory, and is read-only when the disk has no room but a reserve. */
const disk = () =>
  singleton("disk-watch", () => {
    const { dataDir } = environment();
    return watchDisk(dataDir, existsSync(join(dataDir, "run/database-url")) ? DISK_RELEASE_BYTES : 0);
  });
const log = () => singleton("problem-log", problemLog);

/** What is wrong around this process: its clock, its name, its disk, the reader of its log. Each is logged when it begins and ends. */
export function surroundings(): readonly Problem[] {
  const problems = [...embeddedReporter().problems(), ...disk()(), ...logProblems(), ...(sharedProofs()?.problems() ?? [])];
  log()(problems);
  return problems;
}
