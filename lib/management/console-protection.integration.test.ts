import { readdirSync } from "node:fs";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readExposition, seriesOf } from "@/lib/gateway/testing/exposition";
import { type BrowserSession, browserSession } from "@/lib/testing/browser-session";
import { type RunningGatewright, startGatewright } from "@/lib/testing/start-gatewright";
import type { Operation } from "./contract/operation";
import { operations } from "./contract/operations";

const TOKEN = "integration-test-management-token";
const EMAIL = "ann@example.com";
const PASSWORD = "correct horse battery staple";
let console_: RunningGatewright;
let browser: BrowserSession;

beforeAll(async () => {
  console_ = await startGatewright({
    env: { GATEWRIGHT_ADMIN_TOKEN: TOKEN, GATEWRIGHT_ADMIN_EMAIL: EMAIL, GATEWRIGHT_ADMIN_PASSWORD: PASSWORD },
  });
  browser = browserSession(console_.url);
  expect(await browser.signIn(EMAIL, PASSWORD)).toBe("ok");
}, 180_000);
afterAll(() => console_?.stop(), 60_000);

/** A path of the contract with something in its parameters that is not there. */
const filled = (path: string) =>
  `/api/v1${path
    .replaceAll("{number}", "1")
    .replaceAll("{environment}", "production")
    .replace(/\{\w+\}/g, "nothing")}`;
const byMethod = (methods: readonly string[]) => Object.values<Operation>(operations).filter(({ method }) => methods.includes(method));
const writes = byMethod(["POST", "PUT", "PATCH", "DELETE"]).map(({ method, path }) => [method, path] as const);
const paths = [...new Set(Object.values<Operation>(operations).map(({ path }) => path))];

const withToken = (path: string, init: RequestInit = {}) =>
  fetch(console_.url + path, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } });

describe("a write with the session cookie", () => {
  const write = async (method: string, path: string, headers: Record<string, string>) => {
    const response = await browser.fetch(filled(path), { method, headers, ...(method === "DELETE" ? {} : { body: "{}" }) });
    return response.status;
  };
  const json = { "content-type": "application/json" };

  test.each(writes)("%s %s is rejected from other origins and with a form's content types", async (method, path) => {
    const elsewhere: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { "sec-fetch-site": "cross-site", origin: console_.url },
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: console_.url.replace("localhost", "localhost.evil.example") },
      {},
    ];
    const statuses = [];
    for (const headers of elsewhere) statuses.push(await write(method, path, { ...json, ...headers }));
    expect(statuses).toEqual(elsewhere.map(() => 403));

    const forms = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain; a=application/json"];
    const types = [];
    for (const type of forms) types.push(await write(method, path, { "content-type": type, "sec-fetch-site": "same-origin" }));
    expect(types).toEqual(forms.map(() => 415));

    // The console's own is let through to what the operation says of it.
    const owns: Record<string, string>[] = [{ "sec-fetch-site": "same-origin" }, { origin: console_.url }];
    for (const own of owns) expect([401, 403, 415]).not.toContain(await write(method, path, { ...json, ...own }));
  });

  test("a rejected one changes nothing", async () => {
    const created = await withToken("/api/v1/apis", {
      method: "POST",
      headers: json,
      body: JSON.stringify({ name: "Kept", contextPath: "/kept", endpoints: { production: { url: `${console_.url}/samples/echo` } } }),
    });
    const { id } = (await created.json()) as { id: string };
    const refused = await browser.fetch(`/api/v1/apis/${id}`, { method: "DELETE", headers: { ...json, "sec-fetch-site": "cross-site" } });
    expect(refused.status).toBe(403);
    expect((await withToken(`/api/v1/apis/${id}`)).status).toBe(200);
  });
});

describe("the pages of the console", () => {
  const pages = readdirSync("app", { recursive: true, encoding: "utf8" })
    .filter((file) => /(?:^|\/)page\.tsx$/.test(file))
    .map(
      (file) =>
        `/${file
          .replace(/\/?page\.tsx$/, "")
          .replace(/\(\w+\)\/?/g, "")
          .replace(/\[number\]/g, "1")
          .replace(/\[\w+\]/g, "nothing")}`.replace(/\/$/, "") || "/",
    );

  test("are many", () => expect(pages.length).toBeGreaterThan(25));

  test.each([...pages, "/no-such-page"])("%s runs no third-party code and can't be framed", async (page) => {
    for (const response of [await browser.fetch(page), await fetch(console_.url + page, { redirect: "manual" })]) {
      expect(response.status).toBeLessThan(500);
      const policy = new Map(
        (response.headers.get("content-security-policy") ?? "").split(";").map((directive) => {
          const [name = "", ...sources] = directive.trim().split(/\s+/);
          return [name, sources.join(" ")];
        }),
      );
      expect(Object.fromEntries(policy)).toMatchObject({
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline'",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
      });
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("x-frame-options")).toBe("DENY");
      expect(response.headers.get("referrer-policy")).toBe("same-origin");
    }
  });
});

test("the image optimizer can't make the console request itself", async () => {
  for (const target of [
    "/icon.svg",
    "/gateway/orders/logo.png",
    "/api/v1/apis",
    "/samples/echo",
    "http://169.254.169.254/",
    "//evil.example/",
  ]) {
    const response = await fetch(`${console_.url}/_next/image?url=${encodeURIComponent(target)}&w=64&q=75`);
    expect([target, response.status]).toEqual([target, 404]);
  }
  expect(console_.output()).not.toMatch(/image response|isn't a valid image/);
});

describe("the management API", () => {
  test.each(paths)("%s returns 405 with Allow for unsupported methods", async (path) => {
    const has = Object.values<Operation>(operations)
      .filter((operation) => operation.path === path)
      .map(({ method }) => method as string);
    const allow = [...has, ...(has.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].filter((each) => !allow.split(", ").includes(each))) {
      const response = await withToken(filled(path), { method });
      expect([method, response.status, response.headers.get("allow")]).toEqual([method, 405, allow]);
      expect(response.headers.get("content-type")).toContain("application/problem+json");
    }
    const options = await withToken(filled(path), { method: "OPTIONS" });
    expect([options.status, options.headers.get("allow")]).toEqual([204, allow]);
  });

  test("an unknown path is a 404 problem, whatever the method", async () => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      for (const path of ["/api/v1", "/api/v1/", "/api/v1/nope", "/api/v1/apis/x/y/z", "/api/v1/apis/x/definition/y"]) {
        const response = await withToken(path, { method });
        expect([method, path, response.status]).toEqual([method, path, 404]);
        expect(response.headers.get("content-type")).toContain("application/problem+json");
      }
    }
  });

  test("an unknown method is a client error", async () => {
    for (const method of ["TRACE", "PROPFIND"]) {
      for (const path of ["/api/v1/apis", "/apis", "/api/auth/session"]) {
        const status = await new Promise<number | undefined>((resolve, reject) => {
          const call = request(console_.url + path, { method }, (answer) => resolve(answer.resume().statusCode));
          call.on("error", reject).end();
        });
        // A page redirects whoever isn't signed in, whatever the method.
        expect(status, `${method} ${path}`).toBeLessThan(500);
        if (path !== "/apis") expect(status, `${method} ${path}`).toBe(400);
      }
    }
  });

  const creates = ["/apis", "/applications", "/authorization-servers"];
  const post = async (path: string, body: string, headers: Record<string, string> = { "content-type": "application/json" }) => {
    const response = await withToken(`/api/v1${path}`, { method: "POST", headers, body });
    return { status: response.status, body: (await response.json()) as { detail: string; errors?: { path: string }[] } };
  };

  test.each(creates)("explains why a body for %s isn't a JSON object", async (path) => {
    const said = async (body: string) => (await post(path, body)).body.detail;
    expect(await said("[]")).toBe("The body is an array. Send one JSON object: {…}.");
    expect(await said("null")).toBe("The body is null. Send one JSON object: {…}.");
    expect(await said('"a"')).toBe("The body is a string. Send one JSON object: {…}.");
    expect(await said("1")).toBe("The body is a number. Send one JSON object: {…}.");
    expect(await said('{"name": }')).toMatch(/^The body isn't valid JSON: Unexpected token '}'/);
    expect(await said(`{"name":${"[".repeat(300)}${"]".repeat(300)}}`)).toMatch(/200 levels/);
    expect(await post(path, '{"name":"a","name":"b"}')).toMatchObject({ status: 400, body: { errors: [{ path: "name" }] } });
  });

  test("does not repeat what is long in each of its problems", async () => {
    const key = "k".repeat(1_000_000);
    const members = Array.from({ length: 100 }, (_, index) => `"a${index}":"\\u0000"`).join();
    for (const path of creates) {
      const response = await post(path, `{"name":"x","${key}":{${members}}}`);
      expect(response.status).toBe(400);
      expect(JSON.stringify(response.body).length).toBeLessThan(100_000);
    }
  });

  test("takes JSON as JSON alone", async () => {
    const body = JSON.stringify({ name: "Typed" });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/xml", "text/json"])
      expect((await post("/applications", body, { "content-type": type })).status).toBe(415);
    for (const type of ["application/json", "Application/JSON; charset=utf-8", "application/vnd.shop+json"])
      expect((await post("/applications", body, { "content-type": type })).status).toBe(201);
    const coded = await withToken("/api/v1/applications", {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
    });
    expect([coded.status, coded.headers.get("accept-encoding")]).toEqual([415, "identity"]);
  });
});

describe("what an operator sees", () => {
  test("/readyz shows degradation to operators only", async () => {
    const read = async (response: Promise<Response>) => (await (await response).json()) as object;
    expect(await read(fetch(`${console_.url}/readyz`))).toEqual({ status: "ready" });
    expect(await read(fetch(`${console_.url}/readyz`, { headers: { authorization: "Bearer wrong" } }))).toEqual({ status: "ready" });
    expect(await read(withToken("/readyz"))).toEqual({ status: "ready", degraded: [] });
    expect(await read(browser.fetch("/readyz"))).toEqual({ status: "ready", degraded: [] });
  });

  test("a method that /readyz, /metrics and /healthz don't have is 405 with Allow", async () => {
    for (const path of ["/readyz", "/metrics", "/healthz"])
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        const response = await fetch(`${console_.url}${path}`, { method });
        expect([response.status, response.headers.get("allow")], `${method} ${path}`).toEqual([405, "GET, HEAD, OPTIONS"]);
      }
  });

  test("sign-ins and management requests are counted, under names that no request can choose", async () => {
    const counted = async () => readExposition(await (await withToken("/metrics")).text());
    const of = async (name: string) => seriesOf(await counted(), name);
    const before = await of("gatewright_sign_ins_total");
    expect(await browserSession(console_.url).signIn(EMAIL, "wrong password")).toBe("CredentialsSignin");
    expect(await browserSession(console_.url).signIn(EMAIL, PASSWORD)).toBe("ok");
    const after = await of("gatewright_sign_ins_total");
    expect(Number(after["outcome=success"]) - Number(before["outcome=success"] ?? 0)).toBe(1);
    expect(Number(after["outcome=wrong_password"]) - Number(before["outcome=wrong_password"] ?? 0)).toBe(1);
    await withToken("/api/v1/apis/of-my-own-choice");
    await withToken("/api/v1/of-my-own-choice");
    const requests = await of("gatewright_management_requests_total");
    expect(requests["operation=GET /apis/{id},status=404"]).toBeGreaterThanOrEqual(1);
    expect(requests["operation=unknown,status=404"]).toBeGreaterThanOrEqual(1);
    expect(JSON.stringify(requests)).not.toContain("of-my-own-choice");
  });
});
