import { gatewayHostBehavior } from "@/lib/gateway-host/testing/behavior";
import { Shutdown } from "@/lib/platform/shutdown";
import { freePort } from "@/lib/testing/free-port";
import { runDataPlane } from "./data-plane";
import { readSettings } from "./settings";

gatewayHostBehavior("a data plane", async (env) => {
  const port = await freePort();
  const shutdown = new Shutdown();
  const settings = await readSettings({ ...env, GATEWRIGHT_INSTANCE: "under-test", GATEWAY_PORT: String(port) }, []);
  await runDataPlane(settings, shutdown, { script: "", args: [] });
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: "close", ...headers } });
    return { status: response.status, text: await response.text() };
  };
  const authorized = (authorization?: string): Record<string, string> => (authorization === undefined ? {} : { authorization });
  return {
    id: "under-test",
    call: get,
    async readyz(authorization) {
      const { status, text } = await get("/readyz", authorized(authorization));
      return { status, body: JSON.parse(text) };
    },
    metrics: async () => (await get("/metrics", authorized(`Bearer ${env.GATEWRIGHT_METRICS_TOKEN}`))).text,
    stop: () => shutdown.run(),
  };
});
