import type { PrismaClient } from "@/generated/prisma/client";
import { newId } from "@/lib/platform/ids";
import { generatePassword, hashPassword } from "@/lib/platform/passwords";

/**
 * Makes the first account when there is none. Answers its address, and the password only
 * when it was generated here and now, because it is printed once and stored as a hash. Consoles that start at once make one.
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
  // Another console was faster: its password is the one that counts, and it has printed it.
  return given.password || count === 0 ? { email } : { email, password };
}
