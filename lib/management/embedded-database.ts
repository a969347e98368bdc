import type { GatewayDatabase } from "@/lib/gateway-host/database";
import { database } from "@/lib/platform/database";
import { DatabaseUnavailable, unavailability } from "@/lib/platform/database-unavailable";
import { singleton } from "@/lib/platform/singleton";

/** Prisma's messages begin with the place of the call; the last line says what happened. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split("\n").at(-1) ?? message;
}

/** The console's database connection for its gateway. The statements are constants; values are parameters. */
export const embeddedDatabase = (): GatewayDatabase =>
  singleton("gateway-database", () => {
    let heardAt = performance.now();
    return {
      async query(text, values = []) {
        try {
          const rows = await database().$queryRawUnsafe<unknown[]>(text, ...values);
          heardAt = performance.now();
          return rows;
        } catch (error) {
          if (unavailability(error) === undefined) throw error;
          throw new DatabaseUnavailable(`Postgres can't be queried. ${reasonOf(error)}`, { cause: error });
        }
      },
      heardAt: () => heardAt,
    };
  });
