import { fileURLToPath } from "node:url";
import { CONNECTIONS } from "./load.mjs";
import { run } from "./processes.mjs";

const PROGRAM = fileURLToPath(new URL("steady-load.mjs", import.meta.url));

/**
 * Calls a URL at a fixed rate on 32 connections.
 * @returns the latencies in ms. @throws when a call fails, or when the rate was not held to 2 %
 */
export async function steadyLoad({ url, headers = {} }, rate, seconds) {
  const { hostname: host, port, pathname: path } = new URL(url);
  const wanted = JSON.stringify({ host, port: Number(port), path, headers, rate, connections: CONNECTIONS, seconds });
  const result = JSON.parse(await run(process.execPath, [PROGRAM, wanted]));
  if (result.perSecond < rate * 0.98) throw new Error(`${url} held ${Math.round(result.perSecond)} of ${rate} calls a second.`);
  return result;
}
