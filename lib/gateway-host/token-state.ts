import { type EndpointTokenReport, mergeTokenReports } from "@/lib/gateway/telemetry/token-report";

/** What is known of the tokens of backends that a gateway, or one process of it, keeps. */
export interface TokenState {
  readonly endpointTokens: readonly EndpointTokenReport[];
  /** False when they are not shared though a Redis is configured. */
  readonly sharing: boolean;
}

/** The state of a gateway of several processes. */
export function mergeTokenStates(states: readonly TokenState[]): TokenState {
  return {
    endpointTokens: mergeTokenReports(states.flatMap(({ endpointTokens }) => endpointTokens)),
    sharing: states.every(({ sharing }) => sharing),
  };
}
