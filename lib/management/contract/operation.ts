import { z } from "zod";
import { idSchema } from "./common";

/** Declares one operation of the management API. Its route, validation, typed client and OpenAPI entry derive from it. */
export interface Operation {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  summary: string;
  tag: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** `raw`: the handler reads the body itself, because it may not be JSON. */
  body?: z.ZodType | "raw";
  /** `required`: returns 428 without it. `optional`: checked if sent. */
  ifMatch?: "required" | "optional";
  /** Its responses have an `ETag` header although their body has no `etag`. */
  etag?: true;
  /** Success status. */
  status: 200 | 201 | 204;
  /** Success body; null with 204. */
  response: z.ZodType | null;
  /** The handler returns the response's text, because it may not be JSON. */
  respondsText?: true;
  /** Error statuses besides 400, 401 and 404. */
  failures?: readonly (409 | 412 | 413 | 428 | 429 | 503)[];
}

/** Declares an operation with its exact type. */
export const operation = <const T extends Operation>(value: T): T => value;

/** Path parameters of a resource with an ID. */
export const byId = z.object({ id: idSchema });

/** Input type of a schema; undefined without one. */
export type InputOf<T> = T extends z.ZodType ? z.input<T> : undefined;

/** Output type of a schema; undefined without one. */
export type OutputOf<T> = T extends z.ZodType ? z.output<T> : undefined;
