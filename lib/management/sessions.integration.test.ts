import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BrowserSession, browserSession, setCookies } from "@/lib/testing/browser-session";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type RunningGatewright, startGatewright } from "@/lib/testing/start-gatewright";

const EMAIL = "ann@example.com";
const PASSWORD = "correct horse battery staple";
const HOUR_MS = 60 * 60 * 1000;
const SESSION_COOKIE = "next-auth.session-token";

let database: TestDatabase;
let client: pg.Client;
let consoles: RunningGatewright[];

beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const env = {
    DATABASE_URL: database.url,
    GATEWRIGHT_SECRET_KEY: randomBytes(32).toString("base64"),
    GATEWRIGHT_ADMIN_EMAIL: EMAIL,
    GATEWRIGHT_ADMIN_PASSWORD: PASSWORD,
  };
  const first = await startGatewright({ env });
  consoles = [first, await startGatewright({ env })];
}, 240_000);
afterAll(async () => {
  await client?.end();
  await Promise.all(consoles?.map((running) => running.stop()) ?? []);
  await database?.drop();
}, 60_000);

const urlOf = (index: number) => consoles[index]?.url ?? "";

async function signedIn(index = 0): Promise<BrowserSession> {
  const browser = browserSession(urlOf(index));
  expect(await browser.signIn(EMAIL, PASSWORD)).toBe("ok");
  expect(await statusOf(browser)).toBe(200);
  return browser;
}

const statusOf = async (browser: BrowserSession, path = "/api/v1/apis") => (await browser.fetch(path)).status;

/** What next-auth says of a cookie, and whether it gave a new one. */
async function sessionOf(browser: BrowserSession) {
  const response = await browser.fetch("/api/auth/session");
  const renewed = setCookies(response).some(([name, value]) => name.includes(SESSION_COOKIE) && value !== "");
  return { body: await response.json(), renewed };
}

const rows = async () => (await client.query<{ idHash: string }>('SELECT "idHash" FROM "Session"')).rows.map((row) => row.idHash);
const change = (column: "seenAt" | "expiresAt", msAgo: number) =>
  client.query(`UPDATE "Session" SET "${column}" = $1::timestamp`, [new Date(Date.now() - msAgo).toISOString().replace("Z", "")]);

test("signing out invalidates every copy of the cookie, on every path and in every console", async () => {
  const owner = await signedIn();
  const thieves = [owner.copy(), owner.copy(), owner.copy()] as const;
  expect((await sessionOf(thieves[0])).body).toMatchObject({ user: { email: EMAIL } });
  const elsewhere = await copyTo(1, owner);
  expect(await statusOf(elsewhere)).toBe(200);

  expect((await owner.signOut()).status).toBe(200);
  expect(await sessionOf(thieves[0])).toEqual({ body: {}, renewed: false });
  const posted = await thieves[1].post("/api/auth/session", { data: "{}" });
  expect([await posted.json(), setCookies(posted).filter(([name, value]) => name.includes(SESSION_COOKIE) && value !== "")]).toEqual([
    {},
    [],
  ]);
  for (const path of ["/api/auth/csrf", "/api/auth/providers", "/api/auth/signin", "/api/auth/signout", "/api/auth/error", "/sign-in"]) {
    const response = await thieves[2].fetch(path);
    expect([path, setCookies(response).filter(([name, value]) => name.includes(SESSION_COOKIE) && value !== "")]).toEqual([path, []]);
  }
  expect(await statusOf(thieves[2])).toBe(401);
  expect((await thieves[2].fetch("/apis")).headers.get("location") ?? "").toContain("/sign-in");
  expect(await statusOf(elsewhere)).toBe(401);
  expect((await sessionOf(elsewhere)).body).toEqual({});
});

/** The browser's cookies at another console: cookies know no ports. */
async function copyTo(index: number, browser: BrowserSession): Promise<BrowserSession> {
  return browserSession(urlOf(index), new Map([[SESSION_COOKIE, browser.cookie("session-token") ?? ""]]));
}

test("renewals during a sign-out don't restore the session", async () => {
  const owner = await signedIn();
  const copies = Array.from({ length: 12 }, () => owner.copy());
  await Promise.all([...copies.map((copy) => sessionOf(copy)), owner.signOut(), ...copies.map((copy) => statusOf(copy))]);
  // Whatever cookies the renewals gave, they name the session that is over.
  expect(await Promise.all(copies.map((copy) => statusOf(copy)))).toEqual(copies.map(() => 401));
});

test("a session expires after 8 hours without use, and use extends it", async () => {
  const browser = await signedIn();
  await change("seenAt", 7.9 * HOUR_MS);
  expect(await statusOf(browser)).toBe(200);
  expect(
    (await client.query<{ idle: string }>(`SELECT max(now() AT TIME ZONE 'UTC' - "seenAt")::text AS idle FROM "Session"`)).rows[0]?.idle,
  ).toMatch(/^-?00:0/);
  const copy = browser.copy();
  await change("seenAt", 8 * HOUR_MS + 1000);
  expect(await statusOf(browser)).toBe(401);
  expect(await sessionOf(copy)).toEqual({ body: {}, renewed: false });
  expect(await statusOf(copy)).toBe(401);
});

test("a session expires after 24 hours despite use and renewal", async () => {
  const browser = await signedIn();
  const { rows: lives } = await client.query<{ hours: number }>(
    `SELECT extract(epoch FROM "expiresAt" - "createdAt") / 3600 AS hours FROM "Session" ORDER BY "createdAt" DESC LIMIT 1`,
  );
  expect(Number(lives[0]?.hours)).toBe(24);
  expect(await sessionOf(browser)).toMatchObject({ renewed: true });
  await change("expiresAt", 1000);
  expect(await statusOf(browser)).toBe(401);
  expect(await sessionOf(browser)).toEqual({ body: {}, renewed: false });
});

test("a new password ends earlier sessions", async () => {
  const browser = await signedIn();
  const { rows: users } = await client.query<{ hash: string }>('SELECT "passwordHash" AS hash FROM "User" WHERE email = $1', [EMAIL]);
  const former = users[0]?.hash ?? "";
  await client.query('UPDATE "User" SET "passwordHash" = $1 WHERE email = $2', [
    former.replace(/.$/, (last) => (last === "A" ? "B" : "A")),
    EMAIL,
  ]);
  expect(await statusOf(browser.copy())).toBe(401);
  expect((await sessionOf(browser.copy())).body).toEqual({});
  await client.query('UPDATE "User" SET "passwordHash" = $1 WHERE email = $2', [former, EMAIL]);
});

test("the database holds neither the cookie nor the id in it, and sign-in sweeps what is over", async () => {
  await client.query('DELETE FROM "Session"');
  await signedIn();
  await change("expiresAt", 1000);
  const [expired] = await rows();
  const browser = await signedIn();
  const now = await rows();
  expect(now).toHaveLength(1);
  expect(now).not.toContain(expired);
  expect(browser.cookie("session-token")).not.toContain(now[0] ?? "none");
  const body = JSON.stringify((await sessionOf(browser)).body);
  expect(body).not.toMatch(/sessionId/);
});

test("signing in again in the same browser ends its earlier session", async () => {
  const browser = await signedIn();
  const former = browser.copy();
  expect(await browser.signIn(EMAIL, PASSWORD)).toBe("ok");
  expect([await statusOf(former), await statusOf(browser)]).toEqual([401, 200]);
});

test("while sessions can't be read, users stay signed in and nobody else gets access", async () => {
  const browser = await signedIn();
  await client.query('ALTER TABLE "Session" RENAME TO "SessionAway"');
  try {
    expect((await browser.fetch("/api/auth/session")).status).toBe(503);
    expect((await browser.signOut()).status).toBe(503);
    expect(await statusOf(browser)).toBeGreaterThanOrEqual(500);
  } finally {
    await client.query('ALTER TABLE "SessionAway" RENAME TO "Session"');
  }
  expect(await statusOf(browser)).toBe(200);
});
