import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@/generated/prisma/client";
import { BOUNDED_CONNECTION } from "./database-socket";
import { environment } from "./env";
import { singleton } from "./singleton";

export type Database = PrismaClient;
export type Transaction = Parameters<Parameters<PrismaClient["$transaction"]>[0]>[0];

/**
 * This process's database client. The supervisor sets `DATABASE_URL` to the embedded Postgres's socket if the user didn't set it.
 */
export function database(): Database {
  return singleton("database", () => {
    const { databaseUrl } = environment();
    if (!databaseUrl)
      throw new Error("DATABASE_URL is not set. Start Gatewright with `npm start`, which sets it for the embedded Postgres.");
    return new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl, max: 8, ...BOUNDED_CONNECTION }) });
  });
}
