import { type AddressInfo, createServer, type Socket } from "node:net";
import type { RealBackend } from "./backends";

/** A request as a strict reader found it on the wire. */
export interface RecordedRequest {
  method: string;
  target: string;
  headers: string[];
  body: string;
}

/** A backend without an HTTP library: it keeps what arrived and believes nothing but the letter of RFC 9112. */
export interface RecordingBackend extends RealBackend {
  /** Whole requests, in the order in which they ended. */
  requests: RecordedRequest[];
  /** Why bytes that arrived were no HTTP to a strict reader. */
  malformed: string[];
}

const REQUEST_LINE = /^([A-Z]+) (\/[\x21-\x7e]*) HTTP\/1\.1$/;
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;

/** A body that ended at a position, `null` while more has to come, or why it is none. */
type Body = { body: string; end: number } | null | string;

function readChunks(text: string, start: number): Body {
  let position = start;
  let body = "";
  for (;;) {
    const line = text.indexOf("\r\n", position);
    if (line === -1) return null;
    const size = text.slice(position, line);
    if (!/^[0-9a-fA-F]{1,8}$/.test(size)) return `a chunk of the size ${JSON.stringify(size)}`;
    const length = Number.parseInt(size, 16);
    const end = line + 2 + length;
    if (text.length < end + 2) return null;
    if (text.slice(end, end + 2) !== "\r\n") return length === 0 ? "a trailer" : "a chunk that is longer than its size";
    body += text.slice(line + 2, end);
    position = end + 2;
    if (length === 0) return { body, end: position };
  }
}

function readBody(headers: readonly [name: string, value: string][], text: string, start: number): Body {
  const values = (name: string) => headers.filter(([candidate]) => candidate.toLowerCase() === name).map(([, value]) => value);
  const codings = values("transfer-encoding");
  const lengths = values("content-length");
  if (codings.length + lengths.length > 1) return "several framings";
  if (codings[0] !== undefined) return codings[0] === "chunked" ? readChunks(text, start) : `the coding ${codings[0]}`;
  if (lengths[0] === undefined) return { body: "", end: start };
  if (!/^\d{1,15}$/.test(lengths[0])) return `the length ${lengths[0]}`;
  const end = start + Number(lengths[0]);
  return text.length < end ? null : { body: text.slice(start, end), end };
}

/** Reads one request, `null` while it is not whole, or says what is wrong with it. */
function readRequest(text: string): { request: RecordedRequest; end: number } | null | string {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd === -1) return null;
  const [first = "", ...lines] = text.slice(0, headEnd).split("\r\n");
  const [, method, target] = REQUEST_LINE.exec(first) ?? [];
  if (method === undefined || target === undefined) return `the request line ${JSON.stringify(first)}`;
  const headers: [string, string][] = [];
  for (const line of lines) {
    const [, name, value] = HEADER_LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) return `the header line ${JSON.stringify(line)}`;
    headers.push([name, value]);
  }
  const body = readBody(headers, text, headEnd + 4);
  if (body === null || typeof body === "string") return body;
  return { request: { method, target, headers: headers.flat(), body: body.body }, end: body.end };
}

/** Starts it. It answers every whole request with 200 and its target, and ends a connection that carries anything else. */
export async function startRecording(): Promise<RecordingBackend> {
  const requests: RecordedRequest[] = [];
  const malformed: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let text = "";
    sockets.add(socket);
    socket.setNoDelay(true).setEncoding("latin1");
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk: string) => {
      text += chunk;
      for (;;) {
        const read = readRequest(text);
        if (read === null) return;
        if (typeof read === "string") {
          malformed.push(read);
          socket.destroy();
          return;
        }
        requests.push(read.request);
        text = text.slice(read.end);
        const body = read.request.method === "HEAD" ? "" : read.request.target;
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${read.request.target.length}\r\nX-Target: ${read.request.target}\r\n\r\n${body}`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    name: "a backend that records",
    port,
    origin: `http://127.0.0.1:${port}`,
    requests,
    malformed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
