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

test.each([
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
