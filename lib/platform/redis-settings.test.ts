import { expect, it } from "vitest";
import { shownRedis } from "./redis-settings";

it("hides the password but shows that one is set", () => {
  const settings = { host: "redis.internal", port: 6379, username: "me", database: 2, tls: true, connectTimeoutMs: 250 };
  const shown = shownRedis({ ...settings, password: "hunter2" });
  expect(shown).toEqual({ ...settings, hasPassword: true });
  expect(JSON.stringify(shown)).not.toContain("hunter2");
  expect(shownRedis({ ...settings, username: null, password: null })).toEqual({ ...settings, username: null, hasPassword: false });
});
