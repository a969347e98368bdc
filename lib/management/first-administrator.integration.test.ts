import { PrismaPg } from "@prisma/adapter-pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PrismaClient } from "@/generated/prisma/client";
import { verifyPassword } from "@/lib/platform/passwords";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { ensureFirstAdministrator } from "./first-administrator";

let db: TestDatabase;
let prisma: PrismaClient;
beforeAll(async () => {
  db = await testDatabase();
  prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: db.url }) });
});
afterAll(async () => {
  await prisma?.$disconnect();
  await db?.drop();
});

test("consoles that start at once make one account, and one of them prints its password", async () => {
  const answers = await Promise.all(Array.from({ length: 4 }, () => ensureFirstAdministrator(prisma, {})));
  const [user, ...others] = await prisma.user.findMany();
  expect(others).toEqual([]);
  const passwords = answers.flatMap(({ password }) => password ?? []);
  expect(passwords).toHaveLength(1);
  expect(await verifyPassword(user?.passwordHash, passwords[0] ?? "")).toBe(true);
  expect(await ensureFirstAdministrator(prisma, {})).toEqual({ email: user?.email });
});
