import { randomBytes } from "node:crypto";
import { pathToFileURL } from "node:url";
import { ensureDefaultServer } from "@/lib/authorization-server/servers";
import { database } from "@/lib/platform/database";
import { testDatabase } from "@/lib/testing/postgres";
import { bundleDocumentWorker } from "@/scripts/lib/setup.mjs";
import { box } from "../context";
import { type Operation, operations } from "../contract/operations";

/** What a call of the management API answered. */
export interface Answered {
  status: number;
  headers: Headers;
  // The shape is what each test asserts.
  body: Record<string, unknown> & {
    id: string;
    detail?: string;
    items: Record<string, unknown>[];
    errors?: { path: string; message: string }[];
  };
}

/** The management API in this process, over a database of its own. */
export interface TestManagement {
  /**
   * Calls the route of a path below `/api/v1` and checks that a success is what the operation declares. A text is sent as it
   * is; an answer that is no JSON comes as `text`.
   * @throws when there is no such operation, or its answer is not as declared
   */
  call(method: Operation["method"], path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
  stop(): Promise<void>;
}

type Route = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

function operationAt(method: string, path: string) {
  for (const operation of Object.values<Operation>(operations)) {
    const pattern = new RegExp(`^${operation.path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
    const match = operation.method === method ? pattern.exec(path) : null;
    // "active" and the like are segments of other operations, which come as literals and win over a parameter.
    if (match) return { operation, params: { ...match.groups } };
  }
  throw new Error(`The management API has no ${method} ${path}.`);
}

async function routeOf(operation: Operation): Promise<Route> {
  const file = `${process.cwd()}/app/api/v1${operation.path.replace(/\{(\w+)\}/g, "[$1]")}/route.ts`;
  const module: Record<string, Route> = await import(/* @vite-ignore */ pathToFileURL(file).href);
  const route = module[operation.method];
  if (!route) throw new Error(`${file} has no ${operation.method}.`);
  return route;
}

/**
 * Starts it. The environment of this process is set for it, so one test file starts one.
 * @param options.by the way to the database, given its URL; the database itself when left out
 */
export async function startManagement(options: { by?: (url: string) => Promise<string> } = {}): Promise<TestManagement> {
  await bundleDocumentWorker();
  const db = await testDatabase();
  const token = randomBytes(24).toString("base64url");
  Object.assign(process.env, {
    DATABASE_URL: (await options.by?.(db.url)) ?? db.url,
    GATEWRIGHT_SECRET_KEY: randomBytes(32).toString("base64"),
    GATEWRIGHT_PUBLIC_URL: "https://console.example",
    GATEWRIGHT_ADMIN_TOKEN: token,
  });
  await ensureDefaultServer(database(), box());
  return {
    async call(method, path, body, headers = {}) {
      const url = new URL(`https://console.example/api/v1${path}`);
      const { operation, params } = operationAt(method, url.pathname.slice("/api/v1".length));
      const route = await routeOf(operation);
      const request = new Request(url, {
        method,
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const response = await route(request, { params: Promise.resolve(params) });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get("content-type") ?? "");
      const json = isJson && text ? JSON.parse(text) : { text };
      if (response.ok && isJson && text) operation.responses[response.status]?.parse(json);
      return { status: response.status, headers: response.headers, body: json };
    },
    async stop() {
      await database().$disconnect();
      await db.drop();
    },
  };
}
