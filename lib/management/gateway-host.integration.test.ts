import { text } from "node:stream/consumers";
import { bodyStream } from "@/lib/gateway/http/answer-body";
import { Caller } from "@/lib/gateway/http/caller";
import { gatewayHostBehavior } from "@/lib/gateway-host/testing/behavior";
import { database } from "@/lib/platform/database";
import { embeddedId } from "./embedded-report";
import { withEmbeddedGateway } from "./http/embedded-gateway";
import { metricsResponse } from "./http/metrics";
import { readyResponse } from "./http/ready";
import { startConsole } from "./start-console";

gatewayHostBehavior("the console's gateway", async (env) => {
  await startConsole({ development: true });
  const request = (path: string, authorization?: string) =>
    new Request(`${env.GATEWRIGHT_PUBLIC_URL}${path}`, { headers: authorization === undefined ? {} : { authorization } });
  return {
    id: embeddedId(),
    async call(target, headers = {}) {
      const response = await withEmbeddedGateway(async (gateway) => {
        const rawHeaders = ["host", "console.example", ...Object.entries(headers).flat()];
        const answer = await gateway.handle({
          method: "GET",
          target,
          rawHeaders,
          peerAddress: "127.0.0.1",
          body: null,
          caller: new Caller(),
        });
        const { body } = answer;
        const content = body === null ? null : Buffer.isBuffer(body) ? body.toString() : await text(bodyStream(body));
        return new Response(content, { status: answer.status });
      });
      return { status: response.status, text: await response.text() };
    },
    async readyz(authorization) {
      const response = await readyResponse(request("/readyz", authorization));
      return { status: response.status, body: await response.json() };
    },
    metrics: async () => (await metricsResponse(request("/metrics", `Bearer ${env.GATEWRIGHT_METRICS_TOKEN}`))).text(),
    stop: () => database().$disconnect(),
  };
});
