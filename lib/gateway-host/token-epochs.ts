import { z } from "zod";

/** How often the tokens of an endpoint were cleared manually. */
export const tokenDropSchema = z.object({ apiId: z.string(), environment: z.string(), epoch: z.int() });
export type TokenDrop = Readonly<z.output<typeof tokenDropSchema>>;

/** A constant-time lookup, because every request uses it. */
export interface TokenEpochs {
  take(drops: readonly TokenDrop[]): void;
  /** 0 when tokens were never cleared. */
  of(apiId: string, environment: string): number;
}

/** Creates an empty table. */
export function createTokenEpochs(): TokenEpochs {
  let byApi: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map();
  return {
    take(drops) {
      const next = new Map<string, Map<string, number>>();
      for (const { apiId, environment, epoch } of drops) next.set(apiId, (next.get(apiId) ?? new Map()).set(environment, epoch));
      byApi = next;
    },
    of: (apiId, environment) => byApi.get(apiId)?.get(environment) ?? 0,
  };
}
