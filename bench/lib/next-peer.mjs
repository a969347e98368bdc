import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { answering, freePort, run, start } from "./processes.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NEXT = join(ROOT, "node_modules/next/dist/bin/next");

/** Builds and starts the embedded gateway's peer. @returns its URL */
export async function startNextPeer({ backend, say }) {
  const cwd = join(ROOT, "bench/peer-next");
  const env = { ...process.env, BACKEND_URL: backend.url, NEXT_TELEMETRY_DISABLED: "1" };
  say("Building the peer: a minimal Next route handler …");
  // Turbopack would include the instrumentation of the parent directory; webpack doesn't.
  await run(process.execPath, [NEXT, "build", "--webpack"], { cwd, env });
  const port = await freePort();
  const child = start(process.execPath, [NEXT, "start", "-p", String(port)], { cwd, env });
  await answering(`http://127.0.0.1:${port}/proxy/x`, child);
  return `http://127.0.0.1:${port}`;
}
