import { Pool } from "undici";
import { opaqueToken, startForeignServer } from "../lib/foreign-server.mjs";
import { inParallel } from "../lib/in-parallel.mjs";
import { round } from "../lib/statistics.mjs";
import { bearer } from "./peers.mjs";
import { deploySecured } from "./secured-call.mjs";

const INTROSPECTION_MS = 20;
const TOKENS_AT_A_TIME = 64;

/** Unknown tokens, each in two concurrent requests: the gateway introspects each once. */
export async function measureColdTokens(context) {
  const server = await startForeignServer({ delayMs: INTROSPECTION_MS });
  const url = new URL(await deploySecured(context, "/cold", server.introspectionResource));
  const calls = new Pool(url.origin, { connections: TOKENS_AT_A_TIME * 2 });
  const tokens = Array.from({ length: context.times.tokens }, opaqueToken);
  let failed = 0;
  const call = async (token) => {
    const { statusCode, body } = await calls.request({ method: "GET", path: url.pathname, headers: bearer(token) });
    await body.dump();
    if (statusCode !== 200) failed += 1;
  };
  const startedAt = performance.now();
  await inParallel(tokens, TOKENS_AT_A_TIME, (token) => Promise.all([call(token), call(token)]));
  const seconds = (performance.now() - startedAt) / 1000;
  await calls.close();
  const counts = await server.counts();
  context.say(`  ${tokens.length * 2} calls in ${round(seconds, 1)} s, ${failed} of them failed`);
  return [
    {
      measured: `data plane: introspections for ${tokens.length} new tokens, each in 2 calls at once`,
      value: counts.calls,
      unit: "introspections",
      peer: "distinct tokens",
      peerValue: tokens.length,
      ratio: round(counts.calls / tokens.length),
      goal: "as many as tokens, none twice",
      met: failed === 0 && counts.calls === tokens.length && counts.tokens === tokens.length && counts.most === 1,
      how: `undici, ${TOKENS_AT_A_TIME} tokens at a time, introspection answering after ${INTROSPECTION_MS} ms; backend ${context.backend.how}`,
      seconds: round(seconds, 1),
      failedCalls: failed,
      mostForOneToken: counts.most,
    },
  ];
}
