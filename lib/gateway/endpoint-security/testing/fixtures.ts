import { secretBox } from "@/lib/platform/secrets";
import { Caller } from "../../http/caller";
import { testOutbound } from "../../testing/fixtures";
import { connect, createConnections } from "../../upstream/connections";
import { compileEndpointSecurity, type EndpointSecurityContext } from "../compile";
import type { AuthorizedCall, EndpointAuthorizer } from "../contract";
import { endpointSecuritySchema } from "../schema";
import { TokenKeeper, type TokenKeeperOptions } from "../token-keeper";

/** A clock that tests advance. */
export class TestClock {
  ms = 1_700_000_000_000;
  readonly now = () => this.ms;

  forward(ms: number): void {
    this.ms += ms;
  }
}

/** Creates a request with a connected client. */
export function testCall(overrides: Partial<AuthorizedCall> = {}): AuthorizedCall & { caller: Caller; notes: string[] } {
  const notes: string[] = [];
  return { method: "GET", target: "/orders?x=1", note: (text) => notes.push(text), notes, ...overrides, caller: new Caller() };
}

/** Encryption with one secret key. */
export const testBox = secretBox(Buffer.alloc(32, 7).toString("base64"));

/** A gateway with its own token cache. */
export class TestGateway {
  readonly connections = createConnections(testOutbound);
  readonly keeper: TokenKeeper;

  constructor(
    readonly clock = new TestClock(),
    options: Partial<TokenKeeperOptions> = {},
  ) {
    this.keeper = new TokenKeeper({ now: clock.now, random: () => 0, ...options });
  }

  context(secrets: Record<string, string>, overrides: Partial<EndpointSecurityContext> = {}): EndpointSecurityContext {
    return {
      owner: "api-1:production:",
      endpointUrl: "https://orders.internal/v2",
      waitMs: 10_000,
      secret: (slot) => (secrets[slot] === undefined ? undefined : { value: secrets[slot], version: `v:${secrets[slot]}` }),
      keeper: this.keeper,
      connect: (origin, timeoutMs, ca) => connect(this.connections, origin, timeoutMs, { ca }),
      now: this.clock.now,
      ...overrides,
    };
  }

  /** Compiles endpoint security of a definition. */
  compile(
    security: object,
    secrets: Record<string, string> = { clientSecret: "s3cret" },
    overrides: Partial<EndpointSecurityContext> = {},
  ) {
    const compiled = compileEndpointSecurity(endpointSecuritySchema.parse(security), this.context(secrets, overrides));
    if (!compiled) throw new Error("This endpoint has no security.");
    return compiled;
  }
}

/** Returns the `Authorization` of one request. */
export async function authorizationOf(authorizer: EndpointAuthorizer, call = testCall()): Promise<string | null> {
  return (await authorizer.authorize(call)).authorization;
}
