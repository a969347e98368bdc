import { captureRawRequests } from "@/lib/console-host/raw-capture";
import { handleRoute } from "@/lib/console-host/route-handler";
import { answerClientErrors } from "../adapters/client-errors";
import { createNodeServer } from "../adapters/node-server";
import { createGateway, type Gateway } from "../gateway";
import type { GatewayOptions } from "../ports";
import { type TestPorts, testOptions, testPorts } from "./fixtures";
import { call, fetchListener, listenOnFreePort, type Reply, startServer, type TestServer } from "./servers";

/** The ways in which the core is carried; the same behaviour is asked of each. */
export const ADAPTERS = ["node-http", "route-handler"] as const;
export type AdapterName = (typeof ADAPTERS)[number];

/** A gateway on a port, and a way to call it below its mount point. */
export interface RunningGateway {
  gateway: Gateway;
  ports: TestPorts;
  server: TestServer;
  /** What stands before the context path on the wire. */
  mount: string;
  call(target: string, options?: Parameters<typeof call>[2]): Promise<Reply>;
  close(): Promise<void>;
}

/** Starts a gateway behind an adapter. The route-handler one runs behind the capture of raw requests, as in the console. */
export async function startGateway(adapter: AdapterName, options: Partial<GatewayOptions> = {}): Promise<RunningGateway> {
  const ports = testPorts();
  const gateway = createGateway(ports, { ...testOptions, ...(adapter === "route-handler" ? { mount: "/gateway" } : {}), ...options });
  const isRoute = adapter === "route-handler";
  const mount = isRoute ? "/gateway" : "";
  const endCapture = isRoute ? captureRawRequests() : () => undefined;
  const endErrors = isRoute ? answerClientErrors((record) => ports.records.push(record)) : () => undefined;
  const server = await (isRoute
    ? startServer(fetchListener((request) => handleRoute(gateway, request, "/gateway")))
    : listenOnFreePort(createNodeServer(gateway, { log: (record) => ports.records.push(record) }).server));
  return {
    gateway,
    ports,
    server,
    mount,
    call: (target, callOptions) => call(server, mount + target, callOptions),
    async close() {
      endCapture();
      endErrors();
      await server.close();
      await gateway.close();
    },
  };
}
