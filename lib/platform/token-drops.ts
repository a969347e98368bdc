import { z } from "zod";

/** How often the tokens of one endpoint were dropped by hand. */
export const tokenDropSchema = z.object({ apiId: z.string(), environment: z.string(), epoch: z.int() });
export type TokenDrop = Readonly<z.output<typeof tokenDropSchema>>;

/** Keeps the drops so that looking one up costs nothing: it is done for each call. */
export interface TokenEpochs {
  take(drops: readonly TokenDrop[]): void;
  /** 0 where nothing was ever dropped. */
  of(apiId: string, environment: string): number;
}

/** Makes a table in which nothing was dropped yet. */
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
