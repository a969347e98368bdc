import { issueToken, TokenDenied } from "@/lib/authorization-server/issue-token";
import { database } from "@/lib/platform/database";
import { loadApplication, recordApplicationActivity } from "./application-view";
import { inTransaction } from "./context";
import type { IssuedTokenView } from "./contract/authorization";
import { invalid, ManagementError } from "./errors";

/** Maximum lifetime of a token that a user issues for Try it. */
const TRY_TOKEN_SECONDS = 300;

const TARGETS = "Send the `resource` from the metadata of a deployed API that uses this authorization server.";
const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Issues a token for at most 5 minutes and records it. @throws ManagementError 400, 404 or 409 */
export async function issueTryToken(
  id: string,
  scopes: readonly string[],
  actor: string,
  resources: readonly string[] = [],
): Promise<IssuedTokenView> {
  const application = await loadApplication(database(), id);
  try {
    const token = await issueToken({ clientId: application.clientId, scopes, resources, ttlSeconds: TRY_TOKEN_SECONDS });
    await inTransaction((tx) =>
      recordApplicationActivity(tx, id, actor, "issued a token", `Issued a short-lived token for ${application.name}`),
    );
    return token;
  } catch (error) {
    if (!(error instanceof TokenDenied)) throw error;
    if (error.error === "invalid_scope") throw invalid([{ path: "scopes", message: error.description }]);
    if (error.error === "invalid_target") throw invalid([{ path: "resource", message: `${sentence(error.description)} ${TARGETS}` }]);
    throw new ManagementError(409, error.description);
  }
}
