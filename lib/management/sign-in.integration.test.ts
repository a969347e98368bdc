import { afterAll, beforeAll, expect, test } from "vitest";
import { browserSession } from "@/lib/testing/browser-session";
import { type RunningGatewright, startGatewright } from "@/lib/testing/start-gatewright";

const EMAIL = "ann@example.com";
const PASSWORD = "correct horse battery staple";
let console_: RunningGatewright;

beforeAll(async () => {
  console_ = await startGatewright({
    env: {
      GATEWRIGHT_ADMIN_EMAIL: EMAIL,
      GATEWRIGHT_ADMIN_PASSWORD: PASSWORD,
      GATEWRIGHT_TRUSTED_PROXIES: "127.0.0.0/8,::1,10.9.0.0/16",
    },
  });
}, 180_000);
afterAll(() => console_?.stop(), 60_000);

/** A new browser at an address, behind the trusted proxy that this test is. */
const at = (address: string) => {
  const browser = browserSession(console_.url);
  return { browser, signIn: (password: string, email = EMAIL) => browser.signIn(email, password, { "x-forwarded-for": address }) };
};

async function failures(times: number, tryOnce: (index: number) => Promise<string>): Promise<string[]> {
  const outcomes: string[] = [];
  for (let index = 0; index < times; index += 1) outcomes.push((await tryOnce(index)).replace(/:\d+$/, ""));
  return outcomes;
}

test("101 wrong passwords from one address lock the owner out nowhere else", async () => {
  const outcomes = await failures(101, () => at("198.51.100.1").signIn("wrong password"));
  expect(outcomes.filter((outcome) => outcome === "CredentialsSignin")).toHaveLength(10);
  expect(outcomes.filter((outcome) => outcome === "Throttled")).toHaveLength(91);
  expect(await at("198.51.100.2").signIn(PASSWORD)).toBe("ok");
});

test("behind a trusted proxy each client has its own tries, and what the client wrote itself gives it no more", async () => {
  const outcomes = await failures(31, (index) =>
    at(`203.0.113.${index}, 198.51.100.3, 10.9.0.7`).signIn("wrong password", `user${index}@example.com`),
  );
  expect(outcomes).toEqual([...Array(30).fill("CredentialsSignin"), "Throttled"]);
  expect(await at("198.51.100.4").signIn(PASSWORD)).toBe("ok");
});

test("addresses of one IPv6 /64 count as one", async () => {
  const outcomes = await failures(11, (index) => at(`2001:db8:0:7::${index + 1}`).signIn("wrong password"));
  expect(outcomes.at(-1)).toBe("Throttled");
  expect(await at("2001:db8:0:8::1").signIn(PASSWORD)).toBe("ok");
});

test("a browser that has signed in before gets in from an address that others have used up, and to its own account only", async () => {
  const { browser, signIn } = at("198.51.100.5");
  expect(await signIn(PASSWORD)).toBe("ok");
  await browser.signOut();
  await failures(45, (index) => at("198.51.100.5").signIn("wrong password", index % 2 ? EMAIL : `user${index}@example.com`));
  expect(await at("198.51.100.5").signIn(PASSWORD)).toMatch(/^Throttled/);
  expect(await signIn("wrong password", "someone-else@example.com")).toMatch(/^Throttled/);
  expect(await signIn(PASSWORD)).toBe("ok");
  const own = await failures(11, () => signIn("wrong password"));
  expect(own).toEqual([...Array(10).fill("CredentialsSignin"), "Throttled"]);
});

test("a right password takes back nothing of what its address did wrong", async () => {
  const address = "198.51.100.6";
  await failures(29, (index) => at(address).signIn("wrong password", `user${index}@example.com`));
  expect(await at(address).signIn(PASSWORD)).toBe("ok");
  expect(await failures(2, (index) => at(address).signIn("wrong password", `other${index}@example.com`))).toEqual([
    "CredentialsSignin",
    "Throttled",
  ]);
});

test("the known browser's cookie is for scripts and other paths invisible", async () => {
  const { browser } = at("198.51.100.7");
  await browser.signIn(EMAIL, PASSWORD, { "x-forwarded-for": "198.51.100.7" });
  const response = await browser.post(
    "/api/auth/callback/credentials",
    { email: EMAIL, password: PASSWORD },
    { "x-forwarded-for": "198.51.100.7" },
  );
  const line = response.headers.getSetCookie().find((each) => each.startsWith("gatewright.device-")) ?? "";
  expect(line).toMatch(/; Path=\/api\/auth;/i);
  expect(line).toMatch(/HttpOnly/i);
  expect(line).toMatch(/SameSite=strict/i);
});

const FORM = "application/x-www-form-urlencoded";

test("nothing that a stranger sends to /api/auth is a 500, is said to be the database's doing, or leads elsewhere", async () => {
  const urls = [
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "http://[",
    `${console_.url}/\r\nset-cookie: a=b`,
    "x".repeat(3000),
  ];
  for (const url of urls) {
    for (const path of ["/api/auth/csrf", "/api/auth/signin", "/api/auth/signout", "/api/auth/error", "/api/auth/callback/credentials"]) {
      const response = await fetch(`${console_.url}${path}?callbackUrl=${encodeURIComponent(url)}`, { redirect: "manual" });
      expect([path, url, response.status < 500]).toEqual([path, url, true]);
      expect(new URL(response.headers.get("location") ?? "/", console_.url).origin).toBe(new URL(console_.url).origin);
    }
    // Another program at this host can have set the cookie: cookies know no ports.
    const browser = browserSession(console_.url, new Map([["next-auth.callback-url", encodeURIComponent(url)]]));
    expect(await browser.signIn(EMAIL, PASSWORD, { "x-forwarded-for": "198.51.100.8" })).toBe("ok");
    expect([url, browser.cookie("session-token")]).toEqual([url, expect.stringMatching(/.{100}/)]);
    const withCookie = browserSession(console_.url, new Map([["next-auth.callback-url", encodeURIComponent(url)]]));
    expect([url, (await withCookie.fetch("/api/auth/session")).status]).toEqual([url, 200]);
    const signedOut = await browserSession(console_.url).post("/api/auth/signout", { callbackUrl: url });
    expect([url, signedOut.status]).toEqual([url, 200]);
  }
  const bodies = [
    ["application/json", "{", 400],
    ["application/json", "\ufffd", 400],
    ["multipart/form-data; boundary=x", "--x", 415],
    [FORM, `a=${"x".repeat(1024 * 1024)}`, 413],
    ["application/json", "x".repeat(1024 * 1024), 413],
  ] as const;
  for (const [type, body, status] of bodies) {
    for (const path of ["/api/auth/callback/credentials", "/api/auth/session", "/api/auth/signout"]) {
      const response = await fetch(console_.url + path, { method: "POST", headers: { "content-type": type }, body });
      expect([path, type, response.status]).toEqual([path, type, status]);
    }
  }
});
