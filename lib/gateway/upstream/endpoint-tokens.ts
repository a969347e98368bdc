import { ENVIRONMENTS, type EnvironmentName } from "@/lib/definition/schema";
import type { TokenKeeper } from "../endpoint-security/token-keeper";
import type { TokenView } from "../endpoint-security/token-source";

/** What is known of the token that is kept for an endpoint. It never holds the token. */
export interface EndpointTokenView extends Omit<TokenView, "key"> {
  apiId: string;
  environment: EnvironmentName;
}

/** With what the keys of an endpoint's tokens begin, in memory and where they are shared. */
export const tokenOwner = (apiId: string, environment: EnvironmentName) => `${apiId}:${environment}:`;

/** What a keeper has for the endpoints of one API, or of all. */
export function endpointTokens(keeper: TokenKeeper, apiId?: string): EndpointTokenView[] {
  return keeper.view(apiId === undefined ? "" : `${apiId}:`).flatMap(({ key, ...view }) => {
    const environment = ENVIRONMENTS.find((name) => key.split(":")[1] === name);
    return environment ? [{ apiId: key.split(":", 1)[0] ?? "", environment, ...view }] : [];
  });
}
