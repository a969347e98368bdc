import { type Database, database, type Transaction } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { newId } from "@/lib/platform/ids";
import { type SecretBox, secretBox } from "@/lib/platform/secrets";
import { singleton } from "@/lib/platform/singleton";

/** This process's secret box. */
export function box(): SecretBox {
  return singleton("secret-box", () => {
    const { secretKey } = environment();
    if (!secretKey) throw new Error("GATEWRIGHT_SECRET_KEY is not set. Start Gatewright with `npm start`, which makes one.");
    return secretBox(secretKey);
  });
}

/** How long a write may take, and wait for its turn: the embedded Postgres runs one transaction at a time. */
const TRANSACTION = { maxWait: 10_000, timeout: 15_000 } as const;

/** Runs a write that happens whole or not at all. Inside, only `tx` may be used. */
export function inTransaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
  return (database() as Database).$transaction(run, TRANSACTION);
}

/** What happened, for the activity list; written in the same transaction as what it tells of. */
export interface ActivityEntry {
  actor: string;
  action: string;
  target: "api" | "application" | "authorization-server";
  targetId: string;
  summary: string;
}

/** Adds a line to the activity list. */
export async function recordActivity(tx: Transaction, entry: ActivityEntry): Promise<void> {
  await tx.activity.create({ data: { id: newId("act"), ...entry } });
}
