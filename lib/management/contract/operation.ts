import { z } from "zod";
import { idSchema } from "./common";

/** One operation of the management API. Its route, its checks, the console's client and openapi.json come from it. */
export interface Operation {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  summary: string;
  tag: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** `raw`: the handler reads the body itself, because it need not be JSON. */
  body?: z.ZodType | "raw";
  /** `required`: 428 without it. `optional`: checked when it is sent. */
  ifMatch?: "required" | "optional";
  /** Its responses carry an `ETag` that their content does not have. */
  etag?: true;
  /** The status of success. */
  status: 200 | 201 | 204;
  /** The body of success; null with 204. */
  response: z.ZodType | null;
  /** The handler writes the response's text itself, because it need not be JSON. */
  respondsText?: true;
  /** The statuses of failure besides 400, 401 and 404. */
  failures?: readonly (409 | 412 | 413 | 428 | 429 | 503)[];
}

/** Declares an operation and keeps its exact type. */
export const operation = <const T extends Operation>(value: T): T => value;

/** The path parameter of everything that has an id. */
export const byId = z.object({ id: idSchema });

/** What a schema takes; undefined without a schema. */
export type InputOf<T> = T extends z.ZodType ? z.input<T> : undefined;

/** What a schema makes of its input; undefined without a schema. */
export type OutputOf<T> = T extends z.ZodType ? z.output<T> : undefined;
