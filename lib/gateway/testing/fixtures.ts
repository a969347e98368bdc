import { type Definition, definitionSchema } from "@/lib/definition/schema";
import { createOutbound } from "@/lib/platform/outbound/connector";
import type { AccessRecord, BuiltinServer, DeployedApi, EndedTokens, GatewayOptions, GatewayPorts, OpaqueToken } from "../ports";
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
  /** An error where a server cannot be read. */
  servers: Map<string, BuiltinServer | Error>;
  /** By server; nothing has ended where there is none. */
  ended: Map<string, EndedTokens>;
  /** By server and the SHA-256 (base64url) of the token, with a space between; an error while the database is away. */
  opaque: Map<string, OpaqueToken> | Error;
  advance(milliseconds: number): void;
}

/** Makes ports that remember the log and can be moved in time. */
export function testPorts(): TestPorts {
  const records: AccessRecord[] = [];
  const servers = new Map<string, BuiltinServer | Error>();
  let offset = 0;
  const ports: TestPorts = {
    records,
    servers,
    ended: new Map(),
    opaque: new Map(),
    endedTokens: (serverId) => ports.ended.get(serverId) ?? { revoked: new Set(), clients: new Map() },
    async opaqueToken(serverId, tokenId) {
      if (ports.opaque instanceof Error) throw ports.opaque;
      return ports.opaque.get(`${serverId} ${tokenId}`) ?? null;
    },
    now: () => Date.now() + offset,
    log: (record) => records.push(record),
    async builtinServer(id) {
      const server = servers.get(id) ?? null;
      if (server instanceof Error) throw server;
      return server;
    },
    advance(milliseconds) {
      offset += milliseconds;
    },
  };
  return ports;
}

/** Calls wherever a gateway may call that was told nothing. */
export const testOutbound = createOutbound({ deny: [], allow: [], proxy: null, noProxy: [] });

/** How the gateway under test is reached. */
export const testOptions: GatewayOptions = {
  publicUrl: "http://gateway.test/gateway",
  metadataUrl: "http://gateway.test/.well-known/oauth-protected-resource/gateway",
  outbound: testOutbound,
  sharesConsoleOrigin: false,
};
