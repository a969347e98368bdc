import { Agent, request } from "node:http";

/** What came back, or why nothing did. */
export interface CallResult {
  status: number;
  body: string;
}

/** Sends one call and reads its answer whole; status 0 and the reason when the connection broke. */
export function send(
  url: string,
  options: { agent?: Agent; method?: string; headers?: Record<string, string>; localAddress?: string } = {},
) {
  return new Promise<CallResult>((resolve) => {
    const outgoing = request(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      incoming.on("error", (error) => resolve({ status: 0, body: error.message }));
    });
    outgoing.on("error", (error) => resolve({ status: 0, body: error.message }));
    outgoing.end(options.method === "POST" ? "body" : undefined);
  });
}

/** Callers that go on, each sending its next call when the last is answered. */
export interface Load {
  /** How many calls were answered with 200. */
  succeeded(): number;
  /** Resolves with what was not answered with 200. */
  stop(): Promise<CallResult[]>;
}

/** Lets callers send GET and POST calls by turns, each over a connection that is kept. */
export function startLoad(url: string, headers: Record<string, string>, callers = 12): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const failures: CallResult[] = [];
  let succeeded = 0;
  let running = true;
  const caller = async (first: number) => {
    for (let turn = first; running; turn++) {
      const method = turn % 3 === 0 ? "POST" : "GET";
      const result = await send(url, { agent, method, headers: method === "POST" ? { ...headers, "content-length": "4" } : headers });
      if (result.status === 200) succeeded += 1;
      else failures.push({ status: result.status, body: `${method}: ${result.body}` });
    }
  };
  const all = Array.from({ length: callers }, (_, index) => caller(index));
  return {
    succeeded: () => succeeded,
    async stop() {
      running = false;
      await Promise.all(all);
      agent.destroy();
      return failures;
    },
  };
}
