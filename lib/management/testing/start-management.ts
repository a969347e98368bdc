import { randomBytes } from "node:crypto";
import { ensureDefaultServer } from "@/lib/authorization-server/servers";
import { database } from "@/lib/platform/database";
import { testDatabase } from "@/lib/testing/postgres";
import { bundleDocumentWorker } from "@/scripts/lib/setup.mjs";
import { box } from "../context";
import type { Operation } from "../contract/operation";
import { operations } from "../contract/operations";
import { managementResponse } from "../http/management-api";
import { pathTable } from "../http/path-table";

/** A response of the management API. */
export interface ManagementResponse {
  status: number;
  headers: Headers;
  // Each test asserts the shape.
  body: Record<string, unknown> & {
    id: string;
    detail?: string;
    items: Record<string, unknown>[];
    errors?: { path: string; message: string }[];
  };
}

/** The management API in this process, with its own database. */
export interface TestManagement {
  /**
   * Sends a request to a path below `/api/v1` and validates a successful response against its operation. A string body is sent
   * unchanged; a response that isn't JSON is returned as `text`.
   * @throws if there is no such operation, or its response doesn't match the declaration
   */
  call(method: Operation["method"], path: string, body?: unknown, headers?: Record<string, string>): Promise<ManagementResponse>;
  stop(): Promise<void>;
}

/** Operations by path and method. */
const paths = new Map<string, Map<string, Operation>>();
for (const operation of Object.values<Operation>(operations))
  paths.set(operation.path, (paths.get(operation.path) ?? new Map<string, Operation>()).set(operation.method, operation));
const find = pathTable(paths);

/**
 * Starts the management API. It sets environment variables of this process, so use it once per test file.
 * @param options.by returns the connection URL to use, given the database's URL; default: that URL
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
      const operation = find(url.pathname.slice("/api/v1".length))?.value.get(method);
      if (!operation) throw new Error(`The management API has no ${method} ${path}.`);
      const request = new Request(url, {
        method,
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const response = await managementResponse(request);
      const text = await response.text();
      const isJson = /json/.test(response.headers.get("content-type") ?? "");
      const json = isJson && text ? JSON.parse(text) : { text };
      if (response.ok && response.status !== operation.status)
        throw new Error(`${method} ${path} declares ${operation.status}, and returned ${response.status}.`);
      if (response.ok && isJson && text) operation.response?.parse(json);
      return { status: response.status, headers: response.headers, body: json };
    },
    async stop() {
      await database().$disconnect();
      await db.drop();
    },
  };
}
