import { fileURLToPath } from "node:url";
import { AUDIENCE, SCOPE, SCOPES } from "../lib/foreign-server.mjs";
import { answering, freePort, start } from "../lib/processes.mjs";
import { apacheMissing, startApache } from "../peers/apache.mjs";

export const PATH = "/orders/42";

/** Starts a peer that is a Node program, and makes sure that it protects what it should. */
async function startNodePeer(name, context, secured) {
  const server = await context.server();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = fileURLToPath(new URL(`../peers/${name}.mjs`, import.meta.url));
  const env = {
    ...process.env,
    NODE_ENV: "production",
    PORT: String(port),
    BACKEND_URL: context.backend.url,
    ISSUER: server.issuer,
    JWKS_URL: server.jwksUrl,
    AUDIENCE,
    SCOPE,
  };
  const child = start(process.execPath, [program], { env });
  await answering(`${url}${PATH}`, child);
  if (secured) await requireProtection(`${url}${PATH}`);
  return `${url}${PATH}`;
}

/** @throws when a request without a token isn't rejected, because the measurement would be invalid */
export async function requireProtection(url) {
  const { status } = await fetch(url);
  if (status !== 401) throw new Error(`${url} answered ${status} without a token, not 401: nothing secured is measured.`);
}

/** Bearer credentials as a target's headers. */
export const bearer = (token) => ({ accept: "application/json", authorization: `Bearer ${token}` });

export const startBare = (context) => startNodePeer("bare", context, false);
export const startFastify = (context) => startNodePeer("fastify", context, true);
export const startExpress = (context) => startNodePeer("express", context, true);

/** Apache with mod_oauth2; null with a log line when it's unavailable. */
export async function startApachePeer(context) {
  const missing = apacheMissing();
  if (missing) {
    context.say(`Without Apache: ${missing}.`);
    return null;
  }
  const { url, child } = await startApache({ backend: context.backend.url, scopes: SCOPES, ...(await context.server()) });
  await answering(`${url}${PATH}`, child);
  await requireProtection(`${url}${PATH}`);
  return `${url}${PATH}`;
}
