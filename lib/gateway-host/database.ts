import type { Query } from "@/lib/platform/query";

/** The database of a gateway, which knows nothing of how its host connects. */
export interface GatewayDatabase {
  /** @throws an error that `unavailability` recognizes, when the database is unreachable, and the database's own errors */
  query: Query;
  /** When the database last sent something, in milliseconds of `performance.now()`. */
  heardAt(): number;
}
