import type { GatewayDatabase } from "@/lib/gateway-host/database";
import { database } from "@/lib/platform/database";
import { singleton } from "@/lib/platform/singleton";

/** The console's database connection for its gateway. The statements are constants; values are parameters. */
export const embeddedDatabase = (): GatewayDatabase =>
  singleton("gateway-database", () => {
    let heardAt = performance.now();
    return {
      async query(text, values = []) {
        const rows = await database().$queryRawUnsafe<unknown[]>(text, ...values);
        heardAt = performance.now();
        return rows;
      },
      heardAt: () => heardAt,
    };
  });
