import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "@/lib/data-plane/testing/launch";
import { type TcpProxy, tcpProxy, through } from "@/lib/data-plane/testing/tcp-proxy";
import { type BrowserSession, browserSession } from "@/lib/testing/browser-session";
import { testDatabase } from "@/lib/testing/postgres";
import { type RunningGatewright, startGatewright } from "@/lib/testing/start-gatewright";

const [EMAIL, PASSWORD] = ["ann@example.com", "a-password-of-the-test"];
let database: Awaited<ReturnType<typeof testDatabase>>;
let way: TcpProxy;
let product: RunningGatewright;
let browser: BrowserSession;

beforeAll(async () => {
  database = await testDatabase();
  way = await tcpProxy(database.url);
  product = await startGatewright({
    env: {
      DATABASE_URL: through(database.url, way),
      GATEWRIGHT_SECRET_KEY: Buffer.alloc(32, 7).toString("base64"),
      GATEWRIGHT_ADMIN_EMAIL: EMAIL,
      GATEWRIGHT_ADMIN_PASSWORD: PASSWORD,
    },
  });
  browser = browserSession(product.url);
  expect(await browser.signIn(EMAIL, PASSWORD)).toBe("ok");
}, 180_000);
afterAll(async () => {
  await product?.stop();
  await way?.close();
  await database?.drop();
}, 60_000);

const page = async (path: string, init: RequestInit = {}) => {
  const response = await browser.fetch(path, init);
  return { status: response.status, retryAfter: response.headers.get("retry-after"), text: await response.text() };
};

describe("the console's pages while Postgres", () => {
  test.each(["cut", "hold"] as const)("is away (%s) say so with 503 and Retry-After, and are there again afterwards", async (how) => {
    for (const path of ["/apis", "/gateways", "/apis/new"]) expect((await page(path)).status, path).toBe(200);
    await way[how]();
    for (const path of ["/apis", "/gateways", "/apis/api_1/studio", "/sign-in", "/"]) {
      const { status, retryAfter, text } = await page(path);
      expect([status, Number(retryAfter) > 0], path).toEqual([503, true]);
      expect(text, path).toContain("The database is unreachable");
      expect(text, path).not.toContain("__next_error__");
    }
    // What a page asks while it waits, and what needs no database.
    expect((await browser.fetch("/api/auth/session")).status).toBe(503);
    expect((await fetch(`${product.url}/sign-in`)).status).toBe(200);
    await way.mend();
    await until(
      async () => (await page("/apis")).status,
      (status) => status === 200,
    );
    expect((await page("/apis")).text).not.toContain("The database is unreachable");
  });
});

describe("what only Next's own client means for pages", () => {
  const TOKENLESS = { "content-type": "application/json", "sec-fetch-site": "same-origin" };
  test.each([
    ["RSC", "1"],
    ["Next-Router-Prefetch", "1"],
    ["x-middleware-prefetch", "1"],
    ["Next-Action", "x"],
    ["x-nextjs-data", "1"],
  ])("%s changes no answer of the management API, nor of health and metrics", async (name, value) => {
    for (const [method, path] of [
      ["GET", "/api/v1/apis"],
      ["GET", "/readyz"],
      ["GET", "/healthz"],
      ["GET", "/metrics"],
      ["GET", "/samples/hello"],
      ["POST", "/api/v1/apis"],
    ] as const) {
      const body = method === "POST" ? { body: JSON.stringify({ name: "x" }) } : {};
      const plain = await page(path, { method, headers: TOKENLESS, ...body });
      const meant = await page(path, { method, headers: { ...TOKENLESS, [name]: value }, ...body });
      expect(meant.status, `${method} ${path}`).toBe(plain.status);
      expect(meant.text.length > 0, `${method} ${path}`).toBe(plain.text.length > 0);
    }
  });

  test("the framework's own page for failures is a page that isn't there", async () => {
    for (const path of ["/_global-error", "/_global-error/", "/_global-error?x"]) expect((await page(path)).status, path).toBe(404);
  });
});
