import { startBackend } from "./backend.mjs";
import { startForeignServer } from "./foreign-server.mjs";
import { startConsole, startDataPlane } from "./gatewright.mjs";
import { startNextPeer } from "./next-peer.mjs";

const REAL = { warmUpSeconds: 3, seconds: 5, steadySeconds: 10, rounds: 5, redeploys: 30, tokens: 10_000, apis: 1000, swaps: 30 };
const QUICK = { warmUpSeconds: 1, seconds: 1, steadySeconds: 1, rounds: 2, redeploys: 5, tokens: 1000, apis: 50, swaps: 5 };

/** Shared by all measurements. Processes are started on first use. */
export async function createContext({ isQuick, say }) {
  const once = (run) => {
    let running;
    return () => {
      running ??= run();
      return running;
    };
  };
  const console = once(() => {
    say("Starting Gatewright …");
    return startConsole();
  });
  const plane = once(async () => startDataPlane(await console()));
  const times = isQuick ? QUICK : REAL;
  const backend = await startBackend();
  const nextPeer = once(() => startNextPeer({ backend, say }));
  return { say, times, backend, server: once(() => startForeignServer()), console, plane, nextPeer };
}
