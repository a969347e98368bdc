import { randomBytes } from "node:crypto";
import type { Adapter, Client } from "oidc-provider";
import { z } from "zod";
import { database } from "@/lib/platform/database";
import { singleton } from "@/lib/platform/singleton";

/** What the rules need to know of the application behind a client. */
const applicationFactsSchema = z.object({
  id: z.string(),
  environment: z.enum(["production", "sandbox"]),
  /** The only scopes that it may have; none listed means whatever the server allows. */
  scopes: z.array(z.string()),
  serverEnabled: z.boolean(),
});
export type ApplicationFacts = z.output<typeof applicationFactsSchema>;

/** The name of the client metadata that carries the facts. */
export const APPLICATION_METADATA = "application";

/** The application behind a client. */
export const applicationOf = (client: Client): ApplicationFacts => applicationFactsSchema.parse(client[APPLICATION_METADATA]);

/**
 * oidc-provider wants every client that authenticates by a secret to have one. Ours are stored hashed and compared
 * by us, so it gets a random value that nobody knows.
 */
const unusedSecret = () => singleton("unused-client-secret", () => randomBytes(32).toString("base64url"));

/** Anything else is no id of ours, and a NUL in it would be an error of the database instead of "not found". */
const PRINTABLE = /^[\x21-\x7e]{1,256}$/;

const unused = async (): Promise<never> => {
  throw new Error("Applications are written by the management API only.");
};

/** Finds a server's enabled applications, fresh from the database, as clients in oidc-provider's words. */
export function clientAdapter(serverId: string): Adapter {
  return {
    async find(clientId) {
      if (!PRINTABLE.test(clientId)) return undefined;
      const application = await database().application.findFirst({
        where: { clientId, serverId, enabled: true },
        include: { server: { select: { enabled: true } } },
      });
      if (!application) return undefined;
      const facts: ApplicationFacts = {
        id: application.id,
        environment: application.environment === "sandbox" ? "sandbox" : "production",
        scopes: application.scopes,
        serverEnabled: application.server.enabled,
      };
      return {
        client_id: clientId,
        client_secret: unusedSecret(),
        token_endpoint_auth_method: "client_secret_basic",
        grant_types: application.grantTypes.filter((grantType) => grantType === "client_credentials"),
        response_types: [],
        redirect_uris: [],
        [APPLICATION_METADATA]: facts,
      };
    },
    findByUid: unused,
    findByUserCode: unused,
    upsert: unused,
    consume: unused,
    destroy: unused,
    revokeByGrantId: unused,
  };
}
