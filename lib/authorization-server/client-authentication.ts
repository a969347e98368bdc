import Provider, { type Client, errors } from "oidc-provider";
import { verifyClientSecret } from "./applications";
import { applicationOf, findApplication } from "./clients";

const refused = (reason: string) => new errors.InvalidClientAuth(reason);

/**
 * Whether this is a secret of the client's, sent in the way that it uses.
 * @throws InvalidClientAuth with the reason for the log; another error when the database is away
 */
export async function checkClientSecret(client: Client, given: string): Promise<true> {
  const { authentication } = applicationOf(client);
  const way = Provider.ctx?.headers.authorization === undefined ? "client_secret_post" : "client_secret_basic";
  if (authentication !== "client_secret" && authentication !== way) throw refused(`the application uses ${authentication}, not ${way}`);
  const application = await findApplication(client.clientId);
  const verdict = verifyClientSecret(application?.secrets ?? [], given);
  if (verdict !== "right") throw refused(verdict === "expired" ? "the client secret has expired" : "the client secret is wrong");
  return true;
}
