import { type Database, database, type Transaction } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { newId } from "@/lib/platform/ids";
import { type SecretBox, secretBox } from "@/lib/platform/secrets";
import { singleton } from "@/lib/platform/singleton";

/** Returns this process's secret box. @throws if `GATEWRIGHT_SECRET_KEY` isn't set */
export function box(): SecretBox {
  return singleton("secret-box", () => {
    const { secretKey } = environment();
    if (!secretKey) throw new Error("GATEWRIGHT_SECRET_KEY isn't set. Start Gatewright with `npm start`, which generates it.");
    return secretBox(secretKey);
  });
}

/** Limits in milliseconds. Writes may queue, because the embedded Postgres runs one transaction at a time. */
const TRANSACTION = { maxWait: 10_000, timeout: 15_000 } as const;

/** Runs an atomic write. Use only `tx` inside: the embedded Postgres has one session. */
export function inTransaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
  return (database() as Database).$transaction(run, TRANSACTION);
}

/** An entry of the activity list. Written in the transaction of the change it records. */
export interface ActivityEntry {
  actor: string;
  action: string;
  target: "api" | "application" | "authorization-server";
  targetId: string;
  summary: string;
}

/** Records an activity entry. */
export async function recordActivity(tx: Transaction, entry: ActivityEntry): Promise<void> {
  await tx.activity.create({ data: { id: newId("act"), ...entry } });
}
