import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@/generated/prisma/client";
import { BOUNDED_CONNECTION } from "./database-socket";
import { environment } from "./env";
import { singleton } from "./singleton";

export type Database = PrismaClient;
export type Transaction = Parameters<Parameters<PrismaClient["$transaction"]>[0]>[0];

/**
 * The one database client of this process. `DATABASE_URL` is always set here: the start sets it
 * to the embedded Postgres's socket when the user gave none.
 */
export function database(): Database {
  return singleton("database", () => {
    const { databaseUrl } = environment();
    if (!databaseUrl)
      throw new Error("DATABASE_URL is not set. Start Gatewright with `npm start`, which sets it for the embedded Postgres.");
    return new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl, max: 8, ...BOUNDED_CONNECTION }) });
  });
}
