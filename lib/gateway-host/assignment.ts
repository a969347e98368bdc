import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { BuiltinServer, DeployedApi } from "@/lib/gateway/ports";
import type { SecretBox } from "@/lib/platform/secrets";
import type { Ended } from "./revocations";
import type { TokenDrop } from "./token-epochs";

/** A deployment as it comes from the database. It never changes, so it is kept as the text that it is stored and sent as. */
export interface AssignedDeployment {
  readonly apiId: string;
  readonly number: number;
  /** A `DeploymentContent` as JSON: its secrets are sealed. It may be unpacked anew each time. */
  readonly json: string;
}

/** Keeps its text compressed: it is read when it is compiled, written or sent, and lies there at all other times. */
class PackedDeployment implements AssignedDeployment {
  /** The bytes as a string of one byte a character, which takes less than a buffer with its parts. */
  readonly #packed: string;

  constructor(
    readonly apiId: string,
    readonly number: number,
    json: string,
  ) {
    this.#packed = deflateRawSync(json).toString("latin1");
  }

  get json(): string {
    return inflateRawSync(Buffer.from(this.#packed, "latin1")).toString();
  }
}

/** A deployment to keep for as long as it is served: a definition has a tenth of its size then. */
export const packed = (apiId: string, number: number, json: string): AssignedDeployment => new PackedDeployment(apiId, number, json);

/** What stands in `AssignedDeployment.json`. */
export interface DeploymentContent {
  definition: unknown;
  /** Slot key to the version of its secret, encrypted with the API's id as associated data. */
  secrets: Record<string, { version: string; sealed: string }>;
}

/** An authorization server of ours with what a gateway has to know of its keys. */
export interface AssignedServer extends BuiltinServer {
  /** By `kid`, when a key verifies no longer, in milliseconds since the epoch. Keys that are not named have no end yet. */
  readonly keyEnds: Readonly<Record<string, number>>;
}

/** Everything that a gateway has to serve. */
export interface Assignment {
  readonly deployments: readonly AssignedDeployment[];
  /** Our own authorization servers, with the public keys whose tokens are good. */
  readonly servers: readonly AssignedServer[];
  /** What of their tokens is good no longer. */
  readonly ended: Ended;
  /** How often tokens of backends were dropped by hand. */
  readonly tokenDrops: readonly TokenDrop[];
}

/** A deployment that a gateway could not take over as it is, and why. */
export interface TakeoverProblem {
  apiId: string;
  number: number;
  message: string;
}

/** What a gateway runs after it was handed an assignment. */
export interface Taken {
  deployments: readonly { apiId: string; number: number }[];
  problems: readonly TakeoverProblem[];
  /** How many processes serve it. */
  serving: number;
}

/** What tells two deployments apart. */
export const keyOf = ({ apiId, number }: { apiId: string; number: number }): string => `${apiId} ${number}`;

/** Whether two lists of servers say the same. */
export const sameServers = (one: readonly AssignedServer[], other: readonly AssignedServer[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/**
 * A deployment for the gateway. Its text is read when the gateway compiles it and not kept as objects, which would take
 * several times the memory.
 *
 * @param onProblem told of a secret that this key does not decrypt; it is left out then
 */
export function deployedApiOf(assigned: AssignedDeployment, box: SecretBox, onProblem: (message: string) => void): DeployedApi {
  const { apiId, number } = assigned;
  return {
    apiId,
    deploymentNumber: number,
    get definition(): unknown {
      return contentOf(assigned.json).definition;
    },
    get secrets() {
      const secrets = new Map<string, { value: string; version: string }>();
      for (const [key, { version, sealed }] of Object.entries(contentOf(assigned.json).secrets)) {
        try {
          secrets.set(key, { value: box.open(sealed, apiId), version });
        } catch (error) {
          onProblem(`The secret ${key}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      return secrets;
    },
  };
}

const contentOf = (json: string): DeploymentContent => JSON.parse(json) as DeploymentContent;
