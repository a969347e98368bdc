import { expect, test } from "vitest";
import { EnvironmentError, readEnvironment } from "./env";

test("nothing set gives the documented defaults", () => {
  expect(readEnvironment({})).toMatchObject({
    port: 3000,
    dataDir: ".data",
    publicUrl: "http://localhost:3000",
    gatewayUrl: "http://localhost:3000/gateway",
    samples: true,
  });
});

test("issuers and the gateway's address follow the port and the public URL", () => {
  expect(readEnvironment({ PORT: "4000" })).toMatchObject({
    publicUrl: "http://localhost:4000",
    gatewayUrl: "http://localhost:4000/gateway",
  });
  expect(readEnvironment({ GATEWRIGHT_PUBLIC_URL: "https://console.example/" }).publicUrl).toBe("https://console.example");
});

test("an empty variable counts as absent", () => {
  expect(readEnvironment({ DATABASE_URL: "", PORT: "" })).toMatchObject({ port: 3000, databaseUrl: undefined });
});

test("a Redis can be named by its host and companions; passwords keep every character", () => {
  expect(readEnvironment({}).redisUrl).toBeUndefined();
  expect(readEnvironment({ REDIS_HOST: "redis.internal" }).redisUrl).toBe("redis://redis.internal:6379/0");
  const named = readEnvironment({
    REDIS_HOST: "::1",
    REDIS_PORT: "7000",
    REDIS_USER: "me",
    REDIS_PASSWORD: "a:b@/?#",
    REDIS_DATABASE: "3",
    REDIS_TLS: "on",
  });
  const url = new URL(named.redisUrl ?? "");
  expect([url.protocol, url.host, url.pathname, url.username, decodeURIComponent(url.password)]).toEqual([
    "rediss:",
    "[::1]:7000",
    "/3",
    "me",
    "a:b@/?#",
  ]);
  expect(readEnvironment({ REDIS_URL: "redis://a", REDIS_HOST: "b" }).redisUrl).toBe("redis://a");
});

test("a data plane is reached at its own port unless told otherwise", () => {
  expect(readEnvironment({})).toMatchObject({ gatewayPort: 8082, gatewayWorkers: 1, dataPlaneUrl: "http://localhost:8082" });
  expect(readEnvironment({ GATEWAY_PORT: "9000" }).dataPlaneUrl).toBe("http://localhost:9000");
  expect(readEnvironment({ GATEWRIGHT_GATEWAY_URL: "https://api.example/" }).dataPlaneUrl).toBe("https://api.example");
});

test.each([
  ["GATEWAY_PORT", "0"],
  ["GATEWAY_WORKERS", "0"],
  ["GATEWAY_WORKERS", "two"],
  ["GATEWRIGHT_INSTANCE", "../up"],
  ["GATEWRIGHT_TRUSTED_PROXIES", "10.0.0.0/8,proxy"],
  ["REDIS_HOST", "redis://x"],
  ["REDIS_PORT", "x"],
  ["REDIS_DATABASE", "-1"],
  ["REDIS_CONNECTION_TIMEOUT_MS", "soon"],
  ["REDIS_TLS", "maybe"],
  ["PORT", "http"],
  ["PORT", "70000"],
  ["DATABASE_URL", "mysql://x"],
  ["REDIS_URL", "localhost:6379"],
  ["GATEWRIGHT_SECRET_KEY", "short"],
  ["GATEWRIGHT_PUBLIC_URL", "console.example"],
  ["GATEWRIGHT_ADMIN_EMAIL", "nobody"],
  ["GATEWRIGHT_ADMIN_PASSWORD", "short"],
  ["GATEWRIGHT_ADMIN_TOKEN", "short"],
  ["GATEWRIGHT_SAMPLES", "maybe"],
])("%s=%s stops the start with a line that begins with its name", (name, value) => {
  expect(() => readEnvironment({ [name]: value })).toThrow(EnvironmentError);
  expect(() => readEnvironment({ [name]: value })).toThrow(new RegExp(`^${name} must `));
});

test("a wrong value is never repeated in the message, because it may be a secret", () => {
  expect(() => readEnvironment({ GATEWRIGHT_ADMIN_PASSWORD: "hunter2" })).toThrow(expect.not.stringContaining("hunter2"));
});
