import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { connect, type Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ProtocolDatabase, type SocketOptions, servePostgres } from "./postgres-socket";

/** Longer than any pause of the other tests. */
const NEVER_MS = 600_000;

let db: PGlite;
let folder: string;
let server: Server | undefined;
let fatal: unknown[];
const sockets = new Set<Socket>();

beforeAll(async () => {
  db = await PGlite.create();
  await db.exec("CREATE TABLE entry (id int PRIMARY KEY, owner text NOT NULL)");
});
afterAll(() => db.close());

beforeEach(async () => {
  fatal = [];
  folder = await mkdtemp(join(tmpdir(), "gatewright-socket-"));
  await db.exec("TRUNCATE entry");
});
afterEach(async () => {
  const closed = [...sockets].map((socket) => socket.destroyed || once(socket.destroy(), "close"));
  await Promise.all(closed);
  sockets.clear();
  const ended = server && new Promise((resolve) => server?.close(resolve));
  server = undefined;
  await ended;
  await rm(folder, { recursive: true, force: true });
  expect(fatal).toEqual([]);
});

const socketPath = () => join(folder, ".s.PGSQL.5432");

async function serve(options: Partial<SocketOptions> = {}): Promise<Server> {
  server = await servePostgres({
    db,
    path: socketPath(),
    maxConnections: 50,
    heldSessionTimeoutMs: NEVER_MS,
    onFatal: (error) => fatal.push(error),
    ...options,
  });
  return server;
}

interface Connected {
  client: pg.Client;
  /** Closes the socket without Terminate, as a killed process does. */
  vanish: () => void;
  /** The server's error that closed the connection. */
  lost: Promise<Error>;
}

async function connected(config: pg.ClientConfig = {}): Promise<Connected> {
  const socket = new Socket();
  sockets.add(socket);
  const client = new pg.Client({ host: folder, port: 5432, user: "postgres", database: "postgres", stream: () => socket, ...config });
  const lost = new Promise<Error>((resolve) => client.on("error", resolve));
  await client.connect();
  return { client, vanish: () => socket.destroy(), lost };
}

/** Sends raw bytes; returns the response after the server closed the connection. */
async function speak(bytes: Buffer): Promise<string> {
  const socket = connect(socketPath());
  sockets.add(socket);
  const received: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  socket.on("error", () => undefined);
  socket.write(bytes);
  await once(socket, "close");
  return Buffer.concat(received).toString("latin1");
}

/** A query that fetches rows one by one, each in one round trip of the same exchange. */
function rowByRow(text: string, values: unknown[]): pg.QueryConfig {
  const config = { text, values, rows: 1 };
  return config;
}

async function rows(client: pg.Client, text: string, values?: unknown[]): Promise<unknown[]> {
  return (await client.query<Record<string, unknown>>(text, values)).rows;
}

const owners = (client: pg.Client) => rows(client, "SELECT owner FROM entry ORDER BY id");

describe("many clients", () => {
  it("get only their own rows and errors, also beside failing statements and single-row fetches", async () => {
    await serve();
    const clients = await Promise.all(Array.from({ length: 12 }, () => connected()));
    await Promise.all(
      clients.map(async ({ client }, id) => {
        for (let turn = 0; turn < 8; turn += 1) {
          const mine = [1, 2, 3].map((n) => ({ id, turn, n }));
          const sql = "SELECT $1::int AS id, $2::int AS turn, n FROM generate_series(1, 3) n";
          expect(await rows(client, sql, [id, turn])).toEqual(mine);
          expect((await client.query(rowByRow(sql, [id, turn]))).rows).toEqual(mine);
          const marker = `no_such_${id}_${turn}`;
          if (id % 3 === 0) await expect(client.query(`SELECT $1::int, ${marker}`, [id])).rejects.toThrow(marker);
          if (id % 3 === 1) await expect(client.query("SELECT $1::int", [marker])).rejects.toThrow(marker);
          if (id % 3 === 2) await expect(client.query(`SELECT '${marker}'::int`)).rejects.toThrow(marker);
        }
      }),
    );
  });

  it("wait for another's exchange", async () => {
    await serve();
    const [a, b] = await Promise.all([connected(), connected()]);
    const events: string[] = [];
    let other: Promise<unknown> | undefined;
    const query = new pg.Query<{ n: number }>(rowByRow("SELECT n FROM generate_series(1, 5) n WHERE n < $1", [9]));
    query.on("row", (row) => {
      events.push(`a ${row.n}`);
      other ??= rows(b.client, "SELECT $1::text AS who", ["b"]).then((found) => events.push(`b ${JSON.stringify(found)}`));
    });
    const ended = once(query, "end");
    a.client.query(query);
    await ended;
    await other;
    expect(events).toEqual(["a 1", "a 2", "a 3", "a 4", "a 5", 'b [{"who":"b"}]']);
  });

  it("get large values in many chunks", async () => {
    await serve();
    const clients = await Promise.all([connected(), connected(), connected()]);
    await Promise.all(
      clients.map(async ({ client }, id) => {
        const text = String(id).repeat(1_000_000);
        const [row] = (await client.query<{ text: string }>("SELECT $1::text AS text", [text])).rows;
        expect(row?.text === text).toBe(true);
      }),
    );
  });

  it("belong to this user: others can't enter the socket's directory", async () => {
    await serve();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });
});

describe("transactions", () => {
  it("wait for each other, and rolled-back changes are never visible", async () => {
    await serve();
    const [a, b] = await Promise.all([connected(), connected()]);
    const events: string[] = [];
    await a.client.query("BEGIN");
    await a.client.query("INSERT INTO entry VALUES (1, $1)", ["a"]);
    const begun = b.client.query("BEGIN").then(() => events.push("b has begun"));
    const seen = begun.then(() => owners(b.client));
    for (let n = 0; n < 5; n += 1) expect(await owners(a.client)).toEqual([{ owner: "a" }]);
    events.push("a rolls back");
    await a.client.query("ROLLBACK");
    expect(await seen).toEqual([]);
    await b.client.query("INSERT INTO entry VALUES (1, $1)", ["b"]);
    await b.client.query("COMMIT");
    expect(await owners(a.client)).toEqual([{ owner: "b" }]);
    expect(events).toEqual(["a rolls back", "b has begun"]);
  });

  it("hold the session after an error until the rollback", async () => {
    await serve();
    const [a, b] = await Promise.all([connected(), connected()]);
    await a.client.query("BEGIN");
    await expect(a.client.query("SELECT $1::int / 0", [1])).rejects.toThrow("division by zero");
    const other = rows(b.client, "SELECT 1 AS one");
    await expect(a.client.query("SELECT 1")).rejects.toThrow("current transaction is aborted");
    await a.client.query("ROLLBACK");
    expect(await other).toEqual([{ one: 1 }]);
  });

  it("add up when many clients increment the same row", async () => {
    await serve();
    await db.exec("INSERT INTO entry VALUES (0, 'counter')");
    const clients = await Promise.all(Array.from({ length: 8 }, () => connected()));
    await Promise.all(
      clients.map(async ({ client }) => {
        for (let n = 0; n < 4; n += 1) {
          await client.query("BEGIN");
          const [row] = (await client.query<{ count: number }>("SELECT count(*)::int AS count FROM entry")).rows;
          await client.query("INSERT INTO entry VALUES ($1, 'count')", [row?.count]);
          await client.query(n === 3 ? "ROLLBACK" : "COMMIT");
        }
      }),
    );
    expect(await rows(clients[0]?.client ?? new pg.Client(), "SELECT max(id) AS max FROM entry")).toEqual([{ max: 24 }]);
  });
});

describe("a client that disconnects", () => {
  it("in a transaction is rolled back, and others continue", async () => {
    await serve();
    const [a, b] = await Promise.all([connected(), connected()]);
    await a.client.query("BEGIN");
    await a.client.query("INSERT INTO entry VALUES (1, 'a')");
    const waiting = owners(b.client);
    a.vanish();
    expect(await waiting).toEqual([]);
    await b.client.query("INSERT INTO entry VALUES (1, 'b')");
    expect(await owners((await connected()).client)).toEqual([{ owner: "b" }]);
  });

  it("in a failed transaction leaves a clean session", async () => {
    await serve();
    const [a, b] = await Promise.all([connected(), connected()]);
    await a.client.query("BEGIN");
    await expect(a.client.query("SELECT nothing")).rejects.toThrow("nothing");
    a.vanish();
    expect(await rows(b.client, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it.each(["", "BEGIN"])("during an exchange is rolled back (after %j)", async (before) => {
    await serve();
    const [a, b] = await Promise.all([connected(), connected()]);
    await a.client.query(before);
    const sql = "INSERT INTO entry SELECT n, 'a' FROM generate_series(1, $1) n RETURNING id";
    const query = new pg.Query(rowByRow(sql, [5]));
    query.on("row", a.vanish);
    query.on("error", () => undefined);
    a.client.query(query);
    await a.lost;
    expect(await owners(b.client)).toEqual([]);
    await b.client.query("INSERT INTO entry VALUES (1, 'b')");
    expect(await owners(b.client)).toEqual([{ owner: "b" }]);
  });

  it("after an error during an exchange leaves a clean session", async () => {
    await serve();
    const b = await connected();
    const socket = connect(socketPath());
    sockets.add(socket);
    const start = "\0\x03\0\0user\0postgres\0\0";
    socket.write(Buffer.concat([Buffer.from([0, 0, 0, 4 + start.length]), Buffer.from(start)]));
    const parse = "\0SELECT no_such_column\0\0\0";
    socket.write(Buffer.concat([Buffer.from([0x50, 0, 0, 0, 4 + parse.length]), Buffer.from(parse)]));
    let answered = "";
    for await (const chunk of socket) {
      answered += String(chunk);
      if (answered.includes("no_such_column")) break;
    }
    expect(await rows(b.client, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await b.client.query("INSERT INTO entry VALUES (1, 'b')");
    expect(await owners(b.client)).toEqual([{ owner: "b" }]);
  });

  it("while waiting for its turn blocks no one", async () => {
    await serve();
    const [a, b, c] = await Promise.all([connected(), connected(), connected()]);
    await a.client.query("BEGIN");
    const unanswered = expect(b.client.query("BEGIN")).rejects.toThrow();
    const waiting = owners(c.client);
    b.vanish();
    await unanswered;
    await a.client.query("INSERT INTO entry VALUES (1, 'a')");
    await a.client.query("COMMIT");
    expect(await waiting).toEqual([{ owner: "a" }]);
  });

  it("with Terminate in a transaction is rolled back too", async () => {
    await serve();
    const [a, b] = await Promise.all([connected(), connected()]);
    await a.client.query("BEGIN");
    await a.client.query("INSERT INTO entry VALUES (1, 'a')");
    await a.client.end();
    expect(await owners(b.client)).toEqual([]);
  });
});

describe("an idle client that holds the session", () => {
  it("gets an error and is disconnected, its transaction is rolled back, and others continue", async () => {
    await serve({ heldSessionTimeoutMs: 200 });
    const [a, b] = await Promise.all([connected(), connected()]);
    // One message each, because a busy machine may pause too long within an exchange.
    await a.client.query("BEGIN; INSERT INTO entry VALUES (1, 'a')");
    const waiting = owners(b.client);
    expect(await a.lost).toMatchObject({ code: "25P03", severity: "FATAL" });
    expect(await waiting).toEqual([]);
    expect(await owners((await connected()).client)).toEqual([]);
  });

  it("may be idle outside of a transaction", async () => {
    await serve({ heldSessionTimeoutMs: 200 });
    const [idle, holder] = await Promise.all([connected(), connected()]);
    await holder.client.query("BEGIN");
    await holder.lost;
    expect(await rows(idle.client, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });
});

describe("a rejected connection", () => {
  it("above the maximum is harmless, and a later one is accepted after another closed", async () => {
    const running = await serve({ maxConnections: 2 });
    const left = new Promise((resolve) => running.once("connection", (socket) => socket.once("close", resolve)));
    const first = await connected();
    const second = await connected();
    await first.client.query("BEGIN");
    await first.client.query("INSERT INTO entry VALUES (1, 'first')");
    for (let n = 0; n < 5; n += 1) await expect(connected()).rejects.toThrow();
    await first.client.query("COMMIT");
    expect(await owners(second.client)).toEqual([{ owner: "first" }]);
    await first.client.end();
    await left;
    expect(await owners((await connected()).client)).toEqual([{ owner: "first" }]);
  });

  it("that requires encryption is harmless", async () => {
    await serve();
    await expect(connected({ ssl: true })).rejects.toThrow("The server does not support SSL connections");
    expect(await owners((await connected()).client)).toEqual([]);
  });

  it("with another protocol or an incomplete message is harmless", async () => {
    await serve();
    const holder = await connected();
    await holder.client.query("BEGIN");
    expect(await speak(Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))).toBe("");
    const cancel = Buffer.alloc(16);
    cancel.writeInt32BE(16);
    cancel.writeInt32BE(80_877_102, 4);
    expect(await speak(cancel)).toBe("");
    expect(await speak(Buffer.from([0, 0, 0, 9, 0, 2, 0, 0, 0]))).toBe("");
    const half = connect(socketPath());
    sockets.add(half);
    half.end(Buffer.from([0, 0, 0, 40, 0, 3]));
    half.resume();
    await once(half, "close");
    expect(await owners(holder.client)).toEqual([]);
    await holder.client.query("COMMIT");
  });
});

describe("a database that fails", () => {
  it.each([new Error("memory access out of bounds"), new RangeError("Maximum call stack size exceeded")])(
    "is said to be lost: %s",
    async (failure) => {
      const broken: ProtocolDatabase = { execProtocolRawStream: () => Promise.reject(failure) };
      let report: (error: unknown) => void = () => undefined;
      const reported = new Promise((resolve) => {
        report = resolve;
      });
      await serve({ db: broken, onFatal: (error) => report(error) });
      const attempt = connected().catch(() => undefined);
      expect(await reported).toBe(failure);
      for (const socket of sockets) socket.destroy();
      await attempt;
    },
  );
});
