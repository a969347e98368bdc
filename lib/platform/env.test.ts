import { expect, test } from "vitest";
import { EnvironmentError, readEnvironment } from "./env";

test("an empty environment has the documented defaults", () => {
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

const redis = { host: "redis.internal", port: 6379, username: null, password: null, database: 0, tls: false, connectTimeoutMs: 5000 };

test("Redis can be set by separate variables, with any password", () => {
  expect(readEnvironment({}).redis).toBeNull();
  expect(readEnvironment({ REDIS_HOST: "redis.internal" }).redis).toEqual(redis);
  expect(
    readEnvironment({
      REDIS_HOST: "::1",
      REDIS_PORT: "7000",
      REDIS_USER: "me",
      REDIS_PASSWORD: "a:b@/?#%",
      REDIS_DATABASE: "3",
      REDIS_TLS: "on",
      REDIS_CONNECTION_TIMEOUT_MS: "250",
    }).redis,
  ).toEqual({ host: "::1", port: 7000, username: "me", password: "a:b@/?#%", database: 3, tls: true, connectTimeoutMs: 250 });
});

test("Redis can be set by URL", () => {
  expect(readEnvironment({ REDIS_URL: "redis://redis.internal" }).redis).toEqual(redis);
  expect(readEnvironment({ REDIS_URL: "redis://:p%40s%3As@redis.internal/4" }).redis).toEqual({ ...redis, password: "p@s:s", database: 4 });
  expect(readEnvironment({ REDIS_URL: "rediss://me:%25@[::1]:7000", REDIS_CONNECTION_TIMEOUT_MS: "250" }).redis).toEqual({
    host: "::1",
    port: 7000,
    username: "me",
    password: "%",
    database: 0,
    tls: true,
    connectTimeoutMs: 250,
  });
});

test("Redis settings that would be ignored are rejected by name", () => {
  const problem = (env: Record<string, string>) => {
    try {
      return JSON.stringify(readEnvironment(env).redis);
    } catch (error) {
      return error instanceof EnvironmentError ? error.message : "";
    }
  };
  expect(problem({ REDIS_URL: "redis://a", REDIS_HOST: "b", REDIS_TLS: "off" })).toBe(
    "REDIS_URL conflicts with REDIS_HOST, REDIS_TLS: set only one",
  );
  expect(problem({ REDIS_PASSWORD: "hunter2", REDIS_PORT: "7000" })).toBe("REDIS_HOST is missing: REDIS_PORT, REDIS_PASSWORD require it");
  expect(problem({ REDIS_HOST: "a", REDIS_USER: "me" })).toBe("REDIS_PASSWORD is missing: REDIS_USER requires it");
  expect(problem({ REDIS_URL: "redis://me@a" })).toMatch(/^REDIS_URL must have a password after the username/);
  expect(problem({ REDIS_URL: "redis://:hunter2@a/x" })).toMatch(/^REDIS_URL must have only a database number/);
  expect(problem({ REDIS_URL: "rediss://a?rejectUnauthorized=false" })).toMatch(/^REDIS_URL must not have a query/);
  expect(problem({ REDIS_URL: "redis://:100%@a" })).toMatch(/^REDIS_URL must percent-encode/);
  for (const url of ["redis://", "redis:///1", "redis://:hunter2@", "redis://a:x"])
    expect(problem({ REDIS_URL: url })).toMatch(/^REDIS_URL must /);
  for (const url of ["redis://:hunter2@a/x", "redis://:hunter2@a b", "redis://:hunter2@a:99999"])
    expect(problem({ REDIS_URL: url })).not.toContain("hunter2");
});

test("a data plane's URL defaults to its own port", () => {
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
])("%s=%s is rejected by name", (name, value) => {
  expect(() => readEnvironment({ [name]: value })).toThrow(EnvironmentError);
  expect(() => readEnvironment({ [name]: value })).toThrow(new RegExp(`^${name} must `));
});

test("the message never contains the invalid value, which may be a secret", () => {
  expect(() => readEnvironment({ GATEWRIGHT_ADMIN_PASSWORD: "hunter2" })).toThrow(expect.not.stringContaining("hunter2"));
});
