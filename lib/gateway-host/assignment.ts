import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { BuiltinServer, DeployedApi } from "@/lib/gateway/ports";
import type { SecretBox } from "@/lib/platform/secrets";
import type { Ended } from "./revocations";
import type { TokenDrop } from "./token-epochs";

/** A deployment as read from the database. It never changes, so it stays text. */
export interface AssignedDeployment {
  readonly apiId: string;
  readonly number: number;
  /** A `DeploymentContent` as JSON, with encrypted secrets. Each read may decompress it. */
  readonly json: string;
}

/** Holds its text compressed, because it's only read to be compiled, written, or sent. */
class PackedDeployment implements AssignedDeployment {
  /** The bytes as a string of one byte per character, which takes less memory than a buffer. */
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

/** Creates a deployment that takes a tenth of its text's memory. */
export const packed = (apiId: string, number: number, json: string): AssignedDeployment => new PackedDeployment(apiId, number, json);

/** The content of `AssignedDeployment.json`. */
export interface DeploymentContent {
  definition: unknown;
  /** Slot key to the version of its secret, encrypted with the API's ID as associated data. */
  secrets: Record<string, { version: string; sealed: string }>;
}

/** A Gatewright authorization server with its keys. */
export interface AssignedServer extends BuiltinServer {
  /** `kid` to the expiry of a key, in milliseconds since the epoch. Other keys don't expire. */
  readonly keyEnds: Readonly<Record<string, number>>;
}

/** Everything that a gateway serves. */
export interface Assignment {
  readonly deployments: readonly AssignedDeployment[];
  /** The Gatewright authorization servers, with the public keys of valid tokens. */
  readonly servers: readonly AssignedServer[];
  /** Their revoked tokens. */
  readonly ended: Ended;
  /** How often backend tokens were cleared manually. */
  readonly tokenDrops: readonly TokenDrop[];
}

/** A deployment that didn't load, and the reason. */
export interface TakeoverProblem {
  apiId: string;
  number: number;
  message: string;
}

/** What a gateway serves after it took an assignment. */
export interface Taken {
  deployments: readonly { apiId: string; number: number }[];
  problems: readonly TakeoverProblem[];
  /** The number of serving processes. */
  serving: number;
}

/** Identifies a deployment. */
export const keyOf = ({ apiId, number }: { apiId: string; number: number }): string => `${apiId} ${number}`;

/** Whether two lists of servers are equal. */
export const sameServers = (one: readonly AssignedServer[], other: readonly AssignedServer[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/**
 * Converts a deployment for the core. Its text is parsed when the core compiles it, because objects would take several times the
 * memory.
 *
 * @param onProblem called for each secret that the key doesn't decrypt; the secret is left out
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
