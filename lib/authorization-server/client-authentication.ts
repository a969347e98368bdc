import Provider, { type Client, errors } from "oidc-provider";
import { verifyClientSecret } from "./applications";
import { applicationOf, findApplication } from "./clients";

const invalidClient = (reason: string) => new errors.InvalidClientAuth(reason);

/**
 * Verifies a client secret and the authentication method it was sent with.
 * @throws InvalidClientAuth with the reason for the log; another error when the database is unreachable
 */
export async function checkClientSecret(client: Client, given: string): Promise<true> {
  const { authentication } = applicationOf(client);
  const method = Provider.ctx?.headers.authorization === undefined ? "client_secret_post" : "client_secret_basic";
  if (authentication !== "client_secret" && authentication !== method)
    throw invalidClient(`the application uses ${authentication}, not ${method}`);
  const application = await findApplication(client.clientId);
  const verdict = verifyClientSecret(application?.secrets ?? [], given);
  if (verdict !== "right") throw invalidClient(verdict === "expired" ? "the client secret has expired" : "the client secret is wrong");
  return true;
}
