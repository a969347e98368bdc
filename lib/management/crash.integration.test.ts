import { expect, test, vi } from "vitest";
import { startGatewright } from "@/lib/testing/start-gatewright";

const TOKEN = "integration-test-management-token";

/** Saves and deploys without a pause and remembers what was acknowledged, until the console is gone. */
async function writeUntilGone(url: string, id: string, acknowledged: { saved: number; deployed: number }) {
  const send = (method: string, path: string, body?: unknown, etag?: string) =>
    fetch(`${url}/api/v1/apis/${id}${path}`, {
      method,
      headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json", ...(etag ? { "If-Match": etag } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  try {
    for (let round = 1; ; round += 1) {
      const read = await send("GET", "/definition");
      const draft = (await read.json()) as Record<string, unknown>;
      const flows = [{ response: [{ policy: "transform-headers", config: { set: [{ name: "x-round", value: String(round) }] } }] }];
      const saved = await send("PUT", "/definition", { ...draft, description: String(round), flows }, read.headers.get("etag") ?? "");
      if (saved.status === 200) acknowledged.saved = round;
      const deployed = await send("POST", "/deployments", { label: String(round) });
      if (deployed.status === 201) acknowledged.deployed = round;
    }
  } catch {
    // The console is gone, which is what this is about.
  }
}

test("after kill -9 in the middle of saves and deploys every acknowledged one is there, and the gateway serves the last", async () => {
  let running = await startGatewright({ env: { GATEWRIGHT_ADMIN_TOKEN: TOKEN } });
  try {
    const created = await fetch(`${running.url}/api/v1/apis`, {
      method: "POST",
      headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" },
      body: JSON.stringify({ name: "Crash", contextPath: "/crash", endpoints: { production: { url: `${running.url}/samples/echo` } } }),
    });
    const { id } = (await created.json()) as { id: string };
    for (let crash = 0; crash < 3; crash += 1) {
      const acknowledged = { saved: 0, deployed: 0 };
      const writing = writeUntilGone(running.url, id, acknowledged);
      await vi.waitFor(() => expect(acknowledged.deployed).toBeGreaterThanOrEqual(5), { timeout: 60_000, interval: 5 });
      // Somewhere in the middle of a round.
      await new Promise((resolve) => setTimeout(resolve, Math.floor(Math.random() * 100)));
      await running.kill9();
      await writing;
      running = await startGatewright({ env: { GATEWRIGHT_ADMIN_TOKEN: TOKEN }, dataDir: running.dataDir, port: running.port });
      const headers = { Authorization: `Bearer ${TOKEN}` };
      const draft = (await (await fetch(`${running.url}/api/v1/apis/${id}/definition`, { headers })).json()) as { description: string };
      expect(Number(draft.description)).toBeGreaterThanOrEqual(acknowledged.saved);
      const served = await fetch(`${running.url}/gateway/crash/x`);
      expect(served.status).toBe(200);
      expect(Number(served.headers.get("x-round"))).toBeGreaterThanOrEqual(acknowledged.deployed);
    }
  } finally {
    await running.stop();
  }
}, 300_000);
