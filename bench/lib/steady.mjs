import { fileURLToPath } from "node:url";
import { CONNECTIONS } from "./load.mjs";
import { run } from "./processes.mjs";

const PROGRAM = fileURLToPath(new URL("steady-load.mjs", import.meta.url));

/**
 * Calls a URL at a fixed rate on 32 connections.
 * @returns the rate that was held until the last answer, and latencies in ms. @throws when a call fails
 */
export async function steadyLoad({ url, headers = {} }, rate, seconds) {
  const { hostname: host, port, pathname: path } = new URL(url);
  const wanted = JSON.stringify({ host, port: Number(port), path, headers, rate, connections: CONNECTIONS, seconds });
  return JSON.parse(await run(process.execPath, [PROGRAM, wanted]));
}
