import { randomBytes } from "node:crypto";
import type { Adapter, AdapterPayload, Client } from "oidc-provider";
import { z } from "zod";
import { usableKeys } from "@/lib/http-client/usable-keys";
import { database } from "@/lib/platform/database";
import { singleton } from "@/lib/platform/singleton";
import { knownKeys } from "./client-keys";
import { Recent } from "./recent";

/** The application fields that rules and claims read. */
const applicationFactsSchema = z.object({
  id: z.string(),
  clientId: z.string(),
  name: z.string(),
  environment: z.enum(["production", "sandbox"]),
  /** Requestable scopes. Empty: any the policies allow. */
  scopes: z.array(z.string()),
  grantTypes: z.array(z.string()),
  /** Client authentication method. `client_secret`: Basic or body. */
  authentication: z.enum(["client_secret", "client_secret_basic", "client_secret_post", "private_key_jwt"]),
  /** Requires DPoP: every token is bound to a key of the client (RFC 9449). */
  dpopBound: z.boolean(),
});
export type ApplicationFacts = z.output<typeof applicationFactsSchema>;

/** A stored client secret. */
export interface StoredSecret {
  id: string;
  sha256: string;
  /** Milliseconds since the epoch; null: no expiry. */
  expiresAt: number | null;
}

/** An application with its credentials, at most 500 ms old. */
export interface ApplicationRecord extends ApplicationFacts {
  serverId: string;
  enabled: boolean;
  /** A JSON Web Key Set (RFC 7517); the URL of one is `jwksUri`. */
  jwks: z.output<typeof jwksSchema> | null;
  jwksUri: string | null;
  secrets: readonly StoredSecret[];
}

const APPLICATIONS_MAX = 10_000;
/** A valid client ID. Others skip the database, where a NUL would be an error instead of "not found". */
const PRINTABLE = /^[\x21-\x7e]{1,256}$/;

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

async function read(clientId: string): Promise<ApplicationRecord | null> {
  const row = await database().application.findUnique({
    where: { clientId },
    include: { secrets: { orderBy: [{ createdAt: "asc" }, { id: "asc" }] } },
  });
  if (!row) return null;
  return {
    ...applicationFactsSchema.parse(row),
    serverId: row.serverId,
    enabled: row.enabled,
    jwks: jwksSchema.nullable().parse(row.jwks),
    jwksUri: row.jwksUri,
    secrets: row.secrets.map(({ id, sha256, expiresAt }) => ({ id, sha256, expiresAt: expiresAt?.getTime() ?? null })),
  };
}

const applications = () => singleton("applications", () => new Recent<ApplicationRecord>(APPLICATIONS_MAX, read));

/**
 * Finds an application by its client ID, cached for at most 500 ms.
 * @throws when the database is unreachable
 */
export const findApplication = async (clientId: string): Promise<ApplicationRecord | null> =>
  PRINTABLE.test(clientId) ? applications().find(clientId) : null;

/** Invalidates a cached application after a write to it or its secrets. */
export const invalidateApplication = (clientId: string): void => applications().invalidate(clientId);

/** Client metadata member with the application's fields. */
export const APPLICATION_METADATA = "application";

const facts = new WeakMap<Client, ApplicationFacts>();

/** The application of a client. oidc-provider creates a new client when its metadata changes. */
export function applicationOf(client: Client): ApplicationFacts {
  const known = facts.get(client) ?? applicationFactsSchema.parse(client[APPLICATION_METADATA]);
  facts.set(client, known);
  return known;
}

/**
 * A random client secret that nobody knows. oidc-provider requires one, but `checkClientSecret` compares the stored hashes
 * instead.
 */
const unusedSecret = () => singleton("unused-client-secret", () => randomBytes(32).toString("base64url"));

const payloads = new WeakMap<ApplicationRecord, AdapterPayload>();

/** Converts an application to oidc-provider's client metadata. */
function toClient(application: ApplicationRecord): AdapterPayload {
  const known = payloads.get(application);
  if (known) return known;
  const { authentication, clientId, jwks, jwksUri } = application;
  const credentials =
    authentication === "private_key_jwt"
      ? { token_endpoint_auth_method: authentication, jwks: { keys: jwks ? usableKeys(jwks.keys) : knownKeys(clientId, jwksUri) } }
      : {
          client_secret: unusedSecret(),
          token_endpoint_auth_method: authentication === "client_secret" ? "client_secret_basic" : authentication,
        };
  const made = {
    client_id: application.clientId,
    ...credentials,
    grant_types: application.grantTypes.filter((grantType) => grantType === "client_credentials"),
    response_types: [],
    redirect_uris: [],
    dpop_bound_access_tokens: application.dpopBound,
    [APPLICATION_METADATA]: applicationFactsSchema.parse(application),
  };
  // Keys at a jwks_uri can change while the application doesn't.
  if (jwksUri === null) payloads.set(application, made);
  return made;
}

const unused = async (): Promise<never> => {
  throw new Error("Only the management API writes applications.");
};

/** Read-only oidc-provider adapter over a server's active applications. */
export function clientAdapter(serverId: string): Adapter {
  return {
    async find(clientId) {
      const application = await findApplication(clientId);
      return application?.serverId === serverId && application.enabled ? toClient(application) : undefined;
    },
    findByUid: unused,
    findByUserCode: unused,
    upsert: unused,
    consume: unused,
    destroy: unused,
    revokeByGrantId: unused,
  };
}
