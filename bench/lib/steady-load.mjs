import { connect } from "node:net";

/**
 * Calls at a fixed rate, in a process of its own: argv[2] is `{host, port, path, headers, rate, connections, seconds}`, and
 * what was measured is printed as JSON.
 *
 * A call falls due by the clock, whatever has become of the ones before. When no connection is free, it waits, and its
 * latency counts from the moment that it was due: a server that stalls is charged for every call that it kept waiting
 * (coordinated omission). autocannon's own rate does not serve here: it sends each second's calls in one burst, and
 * counts whole milliseconds.
 */
const { host, port, path, headers, rate, connections, seconds } = JSON.parse(process.argv[2]);
const lines = Object.entries({ host: `${host}:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
const message = Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
const HEAD_END = Buffer.from("\r\n\r\n");

const total = Math.round(rate * seconds);
const latencies = new Float64Array(total);
const idle = [];
/** The due times of requests that wait for a connection. */
const waiting = [];
let due = 0;
let answered = 0;
let startedAt = 0;

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}

/** The length of the first response in these bytes; 0 while its head is incomplete. */
function answerLength(bytes) {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return 0;
  const head = bytes.latin1Slice(0, end);
  if (!head.startsWith("HTTP/1.1 200 ")) fail(`Unexpected status: ${head}`);
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
  if (length === undefined) fail(`The response has no Content-Length: ${head}`);
  return end + HEAD_END.length + Number(length);
}

function open() {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    const connection = { socket, dueAt: 0, rest: undefined };
    socket.once("connect", () => resolve(connection));
    socket.on("error", (error) => fail(`A connection broke: ${error.message}`));
    socket.on("close", () => fail("The server closed a connection."));
    socket.on("data", (chunk) => {
      const bytes = connection.rest ? Buffer.concat([connection.rest, chunk]) : chunk;
      const length = answerLength(bytes);
      connection.rest = length === 0 || bytes.length < length ? bytes : undefined;
      if (connection.rest === undefined) finish(connection);
    });
  });
}

function send(connection, dueAt) {
  connection.dueAt = dueAt;
  connection.socket.write(message);
}

function finish(connection) {
  latencies[answered] = performance.now() - connection.dueAt;
  answered += 1;
  if (answered === total) return report();
  const next = waiting.shift();
  if (next === undefined) idle.push(connection);
  else send(connection, next);
}

/** Node's timers have a resolution of 1 ms: requests due since the last tick count as due now. */
function tick() {
  const now = performance.now();
  const dueByNow = Math.min(total, Math.floor(((now - startedAt) * rate) / 1000));
  for (; due < dueByNow; due += 1) {
    const connection = idle.pop();
    if (connection) send(connection, now);
    else waiting.push(now);
  }
  if (due < total) setTimeout(tick, 1);
}

function report() {
  const tookSeconds = (performance.now() - startedAt) / 1000;
  latencies.sort();
  const percentile = (share) => latencies[Math.min(total - 1, Math.floor(total * share))];
  const measured = { perSecond: total / tookSeconds, p50Ms: percentile(0.5), p99Ms: percentile(0.99), p999Ms: percentile(0.999) };
  process.stdout.write(JSON.stringify(measured), () => process.exit(0));
}

idle.push(...(await Promise.all(Array.from({ length: connections }, open))));
startedAt = performance.now();
tick();
