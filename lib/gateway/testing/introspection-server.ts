import { readAll, startServer, type TestServer } from "./servers";

/** What an introspection endpoint was asked. */
export interface Question {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  token: string | null;
}

/** An introspection endpoint whose answers a test sets by token; unknown tokens are not active. */
export interface IntrospectionServer extends TestServer {
  answers: Map<string, unknown>;
  questions: Question[];
  /** Replaces status and body of every answer while it is set. */
  override: { status: number; body: string; headers?: Record<string, string> } | null;
  /** Answers wait for it while it is set. */
  hold: Promise<void> | null;
}

/** Starts an introspection endpoint at `/introspect`. */
export async function startIntrospection(): Promise<IntrospectionServer> {
  const state: Pick<IntrospectionServer, "answers" | "questions" | "override" | "hold"> = {
    answers: new Map(),
    questions: [],
    override: null,
    hold: null,
  };
  const started = await startServer(async (incoming, outgoing) => {
    const body = await readAll(incoming);
    const query = new URL(incoming.url ?? "", "http://introspection.invalid").searchParams;
    const header = incoming.headers["x-token"];
    const token = new URLSearchParams(body).get("token") ?? query.get("token") ?? (typeof header === "string" ? header : null);
    state.questions.push({ method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers, body, token });
    await state.hold;
    const { override } = state;
    if (override) {
      outgoing.writeHead(override.status, override.headers ?? { "content-type": "application/json" }).end(override.body);
      return;
    }
    outgoing
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify(state.answers.get(token ?? "") ?? { active: false }));
  });
  return Object.assign(state, started);
}
