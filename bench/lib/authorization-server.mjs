import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/**
 * An authorization server as small as the benchmarks need it, in its own process: introspection that calls every token
 * active and remembers which it was asked for, the key set of the signed tokens, and tokens for a backend.
 */
const { PORT, DELAY_MS, SCOPE, CLIENT_ID, CLIENT_SECRET, JWKS } = process.env;
const delayMs = Number(DELAY_MS ?? 0);
const credentials = `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString("base64")}`;
const asked = new Map();
let tokenRequests = 0;

/** Issues a token for valid client credentials. */
async function issue(request) {
  request.resume();
  if (request.headers.authorization !== credentials) return [401, { error: "invalid_client" }];
  tokenRequests += 1;
  const number = tokenRequests;
  if (delayMs > 0) await pause(delayMs);
  return [200, { access_token: `token-${number}`, token_type: "Bearer", expires_in: 7200 }];
}

async function introspect(request) {
  let body = "";
  for await (const chunk of request) body += chunk;
  if (request.headers.authorization !== credentials) return [401, { error: "invalid_client" }];
  const token = new URLSearchParams(body).get("token");
  asked.set(token, (asked.get(token) ?? 0) + 1);
  if (delayMs > 0) await pause(delayMs);
  const exp = Math.floor(Date.now() / 1000) + 7200;
  return [200, { active: true, scope: SCOPE, client_id: "caller", sub: "caller", token_type: "Bearer", exp }];
}

function counts() {
  let calls = 0;
  let most = 0;
  for (const count of asked.values()) {
    calls += count;
    most = Math.max(most, count);
  }
  return { calls, tokens: asked.size, most, tokenRequests };
}

async function answerTo(request) {
  if (request.url === "/introspect") return introspect(request);
  if (request.url === "/token") return issue(request);
  return [200, request.url === "/keys" ? JSON.parse(JWKS) : counts()];
}

createServer(async (request, response) => {
  const [status, answer] = await answerTo(request);
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
}).listen(Number(PORT), "127.0.0.1");
