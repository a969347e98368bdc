import { createServer, type Server, type Socket } from "node:net";
import {
  type FrontendMessage,
  FrontendReader,
  fatalError,
  NOT_SUPPORTED,
  ProtocolViolation,
  ReadyForQueryWatch,
  ROLLBACK,
  SYNC,
} from "./postgres-protocol";

/** The required part of PGlite: runs one protocol message and streams the response. */
export interface ProtocolDatabase {
  execProtocolRawStream(message: Uint8Array, options: { onRawData: (data: Uint8Array) => void }): Promise<void>;
}

export interface SocketOptions {
  db: ProtocolDatabase;
  path: string;
  maxConnections: number;
  /** Maximum idle time of a client that holds the session. */
  heldSessionTimeoutMs: number;
  /** Called when the database itself failed, not a statement. */
  onFatal: (error: unknown) => void;
}

/**
 * Serves one embedded database to many clients on a Unix socket.
 *
 * The database has a single session, so a client holds it from the first message of an exchange until the server is ready outside a
 * transaction; interleaved messages would mix up rows. A disconnected client is rolled back before the next one's turn.
 */
export async function servePostgres(options: SocketOptions): Promise<Server> {
  let turn: Promise<void> = Promise.resolve();
  const takeTurn = async (): Promise<() => void> => {
    const before = turn;
    const { promise, resolve } = withResolvers();
    turn = promise;
    await before;
    return resolve;
  };
  const server = createServer((socket) => {
    const client = new Client(socket, options, takeTurn);
    client.serve().catch(options.onFatal);
  });
  server.maxConnections = options.maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.path, resolve);
  });
  return server;
}

class Client {
  private readonly reader = new FrontendReader();
  private readonly watch = new ReadyForQueryWatch();
  private disconnected = false;
  private wake: () => void = () => undefined;
  private endTurn: (() => void) | undefined;
  /** The server waits for a Sync. */
  private midExchange = false;
  private midTransaction = false;

  constructor(
    private readonly socket: Socket,
    private readonly options: SocketOptions,
    private readonly takeTurn: () => Promise<() => void>,
  ) {
    socket.on("data", (chunk: Buffer) => {
      this.reader.push(chunk);
      this.wake();
    });
    socket.on("close", () => this.leave());
    socket.on("error", () => this.leave());
  }

  async serve(): Promise<void> {
    try {
      for (;;) {
        const message = await this.nextMessage();
        if (!message) break;
        if (message.kind === "encryption-request") this.socket.write(NOT_SUPPORTED);
        else if (message.kind !== "message" && message.kind !== "startup") break;
        else await this.run(message.bytes);
      }
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
    } finally {
      await this.giveBack();
      this.socket.end();
    }
  }

  private leave(): void {
    this.disconnected = true;
    this.wake();
  }

  /** The client's next message; undefined when it disconnected or held the session idle for too long. */
  private async nextMessage(): Promise<FrontendMessage | undefined> {
    const deadline = Date.now() + this.options.heldSessionTimeoutMs;
    for (;;) {
      if (this.disconnected) return undefined;
      const message = this.reader.next();
      if (message) return message;
      const { promise, resolve } = withResolvers();
      this.wake = resolve;
      if (!this.endTurn) {
        await promise;
        continue;
      }
      const timer = setTimeout(resolve, Math.max(0, deadline - Date.now()));
      await promise;
      clearTimeout(timer);
      if (Date.now() >= deadline) {
        this.socket.write(fatalError("25P03", "terminating connection: the transaction was idle for too long"));
        return undefined;
      }
    }
  }

  private async run(message: Buffer): Promise<void> {
    this.endTurn ??= await this.takeTurn();
    const status = await this.exchange(message, (data) => {
      // Copies, because the database reuses its memory while the socket may buffer.
      if (!this.disconnected) this.socket.write(Buffer.from(data));
    });
    this.midExchange = status === undefined;
    if (status !== undefined) this.midTransaction = status !== "idle";
    if (status === "idle") this.finishTurn();
  }

  private async exchange(message: Buffer, onRawData: (data: Uint8Array) => void) {
    await this.options.db.execProtocolRawStream(new Uint8Array(message), {
      onRawData: (data) => {
        this.watch.push(data);
        onRawData(data);
      },
    });
    return this.watch.take();
  }

  /** Resets the session for the next client: no open exchange or transaction. */
  private async giveBack(): Promise<void> {
    if (!this.endTurn) return;
    const ignore = () => undefined;
    if (this.midExchange || this.midTransaction) {
      // Roll back before a Sync, which would commit an implicit transaction. After an error, the server ignores all but a Sync.
      const status = await this.exchange(ROLLBACK, ignore);
      if (status === undefined) {
        await this.exchange(SYNC, ignore);
        await this.exchange(ROLLBACK, ignore);
      }
    }
    this.finishTurn();
  }

  private finishTurn(): void {
    this.endTurn?.();
    this.endTurn = undefined;
    this.midExchange = false;
    this.midTransaction = false;
  }
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
