import { createServer } from "node:http";

/** A small JSON backend, in its own process, so that it does not share a thread with what is measured. */
const body = JSON.stringify({ id: 42, name: "Order 42", items: [1, 2, 3], total: "19.90" });
createServer((_request, response) => {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}).listen(Number(process.env.PORT), "127.0.0.1", () => process.send?.("ready"));
