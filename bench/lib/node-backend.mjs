import { createServer } from "node:http";

/** The backend where nginx is not installed. */
const { PORT, BODY } = process.env;
createServer((_request, response) => {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(BODY) });
  response.end(BODY);
}).listen(Number(PORT), "127.0.0.1");
