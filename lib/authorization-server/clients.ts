import { randomBytes } from "node:crypto";
import type { Adapter, AdapterPayload, Client } from "oidc-provider";
import { z } from "zod";
import { usableKeys } from "@/lib/http-client/usable-keys";
import { database } from "@/lib/platform/database";
import { singleton } from "@/lib/platform/singleton";
import { knownKeys } from "./client-keys";
import { Recent } from "./recent";

/** What the rules and the claims need to know of the application behind a client. */
const applicationFactsSchema = z.object({
  id: z.string(),
  clientId: z.string(),
  name: z.string(),
  environment: z.enum(["production", "sandbox"]),
  /** The only scopes that it may have; none listed means whatever the server allows. */
  scopes: z.array(z.string()),
  grantTypes: z.array(z.string()),
  /** How it proves who it is; with `client_secret` either way. */
  authentication: z.enum(["client_secret", "client_secret_basic", "client_secret_post", "private_key_jwt"]),
  /** Whether it gets only tokens that are bound to a key of its own (RFC 9449). */
  dpopBound: z.boolean(),
});
export type ApplicationFacts = z.output<typeof applicationFactsSchema>;

/** A client secret as it is stored. */
export interface StoredSecret {
  id: string;
  sha256: string;
  /** Milliseconds since the epoch; null: never. */
  expiresAt: number | null;
}

/** An application with its credentials, at most half a second old. */
export interface ApplicationRecord extends ApplicationFacts {
  serverId: string;
  enabled: boolean;
  /** A JSON Web Key Set (RFC 7517), and where one is. */
  jwks: z.output<typeof jwksSchema> | null;
  jwksUri: string | null;
  secrets: readonly StoredSecret[];
}

const APPLICATIONS_MAX = 10_000;
/** Anything else is no id of ours, and a NUL in it would be an error of the database instead of "not found". */
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
 * Finds an application by its client id, from memory for at most half a second.
 * @throws when the database is away
 */
export const findApplication = async (clientId: string): Promise<ApplicationRecord | null> =>
  PRINTABLE.test(clientId) ? applications().find(clientId) : null;

/** Makes the next look-up read the database: for whoever just changed an application or one of its secrets. */
export const forgetApplication = (clientId: string): void => applications().forget(clientId);

/** The name of the client metadata that carries the facts. */
export const APPLICATION_METADATA = "application";

const facts = new WeakMap<Client, ApplicationFacts>();

/** The application behind a client; oidc-provider makes a new client when its metadata changes. */
export function applicationOf(client: Client): ApplicationFacts {
  const known = facts.get(client) ?? applicationFactsSchema.parse(client[APPLICATION_METADATA]);
  facts.set(client, known);
  return known;
}

/**
 * oidc-provider wants every client that authenticates by a secret to have one. Ours are stored hashed and compared
 * by us, so it gets a random value that nobody knows.
 */
const unusedSecret = () => singleton("unused-client-secret", () => randomBytes(32).toString("base64url"));

const payloads = new WeakMap<ApplicationRecord, AdapterPayload>();

/** An application in oidc-provider's words. */
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
  // Keys at a URL change without the application.
  if (jwksUri === null) payloads.set(application, made);
  return made;
}

const unused = async (): Promise<never> => {
  throw new Error("Applications are written by the management API only.");
};

/** Finds a server's enabled applications as clients in oidc-provider's words. */
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
