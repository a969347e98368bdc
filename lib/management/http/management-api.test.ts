import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readExposition, seriesOf } from "@/lib/gateway/testing/exposition";
import { consoleMetrics } from "@/lib/platform/console-metrics";
import type { Operation } from "../contract/operation";
import { operations } from "../contract/operations";
import { managementResponse } from "./management-api";

beforeAll(() => vi.stubEnv("GATEWRIGHT_PUBLIC_URL", "https://console.example"));
afterAll(() => vi.unstubAllEnvs());

const send = (method: string, path: string) =>
  managementResponse(new Request(`https://console.example/api/v1${path}`, { method, headers: { authorization: "Bearer wrong" } }));
const filled = (path: string) => path.replace(/\{\w+\}/g, "x");
const counted = async () => seriesOf(readExposition(await consoleMetrics().text()), "gatewright_management_requests_total");

test.each(Object.values<Operation>(operations).map(({ method, path }) => [method, path] as const))(
  "%s %s reaches its own endpoint, which asks who calls",
  async (method, path) => {
    const series = `operation=${method} ${path},status=401`;
    const before = Number((await counted())[series] ?? 0);
    const response = await send(method, filled(path));
    expect([response.status, response.headers.get("content-type")]).toEqual([401, "application/problem+json"]);
    expect((await counted())[series]).toBe(before + 1);
  },
);

test("HEAD is GET, where there is a GET", async () => {
  expect((await send("HEAD", "/apis")).status).toBe(401);
  expect((await send("HEAD", "/openapi.json")).status).toBe(200);
  const without = await send("HEAD", "/apis/import");
  expect([without.status, without.headers.get("allow")]).toEqual([405, "OPTIONS, POST"]);
});

test("an unsupported method returns 405 with the same Allow as OPTIONS", async () => {
  for (const [path, allow] of [
    ["/apis", "GET, HEAD, OPTIONS, POST"],
    ["/apis/x/deployments/active", "DELETE, OPTIONS"],
    ["/openapi.json", "GET, HEAD, OPTIONS"],
    ["/schemas/api-definition.json", "GET, HEAD, OPTIONS"],
  ] as const) {
    const options = await send("OPTIONS", path);
    expect([options.status, options.headers.get("allow"), await options.text()]).toEqual([204, allow, ""]);
    const refused = await send("PATCH", path);
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, allow]);
  }
});

test("a path that isn't there is a 404 problem, whatever the method and without a sign-in", async () => {
  for (const method of ["GET", "HEAD", "POST", "OPTIONS", "DELETE"])
    for (const path of ["", "/", "/nope", "/apis/x/y/z", "/openapi.json/x"]) {
      const response = await send(method, path);
      expect([method, path, response.status, response.headers.get("content-type")]).toEqual([
        method,
        path,
        404,
        "application/problem+json",
      ]);
    }
});

test("anyone may read how the management API and definitions look", async () => {
  for (const [path, type] of [
    ["/openapi.json", "application/json"],
    ["/schemas/api-definition.json", "application/schema+json"],
  ] as const) {
    const response = await send("GET", path);
    expect([response.status, response.headers.get("content-type"), response.headers.get("cache-control")]).toEqual([
      200,
      type,
      "public, max-age=300",
    ]);
    expect(await response.json()).toBeTypeOf("object");
  }
});
