import { type EndpointTokenReport, mergeTokenReports } from "@/lib/gateway/telemetry/token-report";

/** The backend tokens of a gateway, or of one of its processes. */
export interface TokenState {
  readonly endpointTokens: readonly EndpointTokenReport[];
  /** False when they aren't shared though Redis is configured. */
  readonly sharing: boolean;
}

/** Merges the states of a gateway's processes. */
export function mergeTokenStates(states: readonly TokenState[]): TokenState {
  return {
    endpointTokens: mergeTokenReports(states.flatMap(({ endpointTokens }) => endpointTokens)),
    sharing: states.every(({ sharing }) => sharing),
  };
}
