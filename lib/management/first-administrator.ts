import type { PrismaClient } from "@/generated/prisma/client";
import { newId } from "@/lib/platform/ids";
import { generatePassword, hashPassword } from "@/lib/platform/passwords";

/**
 * Makes the first account when there is none. Answers its address, and the password only
 * when it was generated here and now, because it is printed once and stored as a hash.
 */
export async function ensureFirstAdministrator(
  db: PrismaClient,
  given: { email?: string | undefined; password?: string | undefined },
): Promise<{ email: string; password?: string }> {
  const existing = await db.user.findFirst({ orderBy: { createdAt: "asc" } });
  if (existing) return { email: existing.email };
  const email = (given.email ?? "admin@gatewright.local").trim().toLowerCase();
  const password = given.password ?? generatePassword();
  await db.user.create({ data: { id: newId("user"), email, name: "Administrator", passwordHash: await hashPassword(password) } });
  return given.password ? { email } : { email, password };
}
