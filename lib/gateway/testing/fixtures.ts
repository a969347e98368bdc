import { type Definition, definitionSchema } from "@/lib/definition/schema";
import type { AccessRecord, BuiltinServer, DeployedApi, GatewayOptions, GatewayPorts } from "../ports";
import { registry } from "../schemas";

const schema = definitionSchema(registry);

/** A definition of which a test writes only what it is about. */
export function definition(input: Record<string, unknown>): Definition {
  return schema.parse({ name: "Test", contextPath: "/orders", ...input });
}

let numbers = 0;

/** A deployment with its secrets by slot; each is a version of its own name. */
export function deployed(input: Record<string, unknown>, secrets: Record<string, string> = {}, apiId = "api_1"): DeployedApi {
  numbers += 1;
  return {
    apiId,
    deploymentNumber: numbers,
    definition: definition(input),
    secrets: new Map(Object.entries(secrets).map(([key, value]) => [key, { value, version: `version-of-${value}` }])),
  };
}

/** Ports whose clock, log and servers a test holds in its hands. */
export interface TestPorts extends GatewayPorts {
  records: AccessRecord[];
  servers: Map<string, BuiltinServer>;
  advance(milliseconds: number): void;
}

/** Makes ports that remember the log and can be moved in time. */
export function testPorts(): TestPorts {
  const records: AccessRecord[] = [];
  const servers = new Map<string, BuiltinServer>();
  let offset = 0;
  return {
    records,
    servers,
    now: () => Date.now() + offset,
    log: (record) => records.push(record),
    builtinServer: async (id) => servers.get(id) ?? null,
    advance(milliseconds) {
      offset += milliseconds;
    },
  };
}

/** How the gateway under test is reached. */
export const testOptions: GatewayOptions = {
  publicUrl: "http://gateway.test/gateway",
  metadataUrl: "http://gateway.test/.well-known/oauth-protected-resource/gateway",
  sharesConsoleOrigin: false,
};
