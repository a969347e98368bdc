import type { PrismaClient } from "@/generated/prisma/client";
import { newId } from "@/lib/platform/ids";
import { generatePassword, hashPassword } from "@/lib/platform/passwords";

/**
 * Creates the first account if there is none. Returns the password only if this call generated it: only its hash is stored.
 * Consoles that start at the same time create one account.
 */
export async function ensureFirstAdministrator(
  db: PrismaClient,
  given: { email?: string | undefined; password?: string | undefined },
): Promise<{ email: string; password?: string }> {
  const existing = await db.user.findFirst({ orderBy: { createdAt: "asc" } });
  if (existing) return { email: existing.email };
  const email = (given.email ?? "admin@gatewright.local").trim().toLowerCase();
  const password = given.password ?? generatePassword();
  const account = { id: newId("user"), email, name: "Administrator", passwordHash: await hashPassword(password) };
  const { count } = await db.user.createMany({ data: [account], skipDuplicates: true });
  // With a count of 0, another console created the account and printed its password.
  return given.password || count === 0 ? { email } : { email, password };
}
