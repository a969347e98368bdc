import { createServer } from "node:http";
import { Pool } from "undici";

/**
 * The least that stands between a caller and a backend in Node: every header passed on as `node:http` gives it, the
 * answer streamed back, and no security, no routing, no log.
 */
const backend = new Pool(process.env.BACKEND_URL, { connections: 64 });

// Longer than a connection of the load is ever idle: Node's five seconds would break some at a low rate.
createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  backend.stream(
    { method: request.method, path: request.url, headers: request.headers, body: hasBody ? request : null, opaque: response },
    ({ statusCode, headers, opaque }) => opaque.writeHead(statusCode, headers),
    (error) => {
      if (!error) return;
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    },
  );
}).listen(Number(process.env.PORT), "127.0.0.1");
