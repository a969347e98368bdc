import type { Operation, OutputOf } from "../contract/operation";
import type { Operations } from "../contract/operations";
import type { Principal } from "../http/principal";
import type { Preconditions } from "../preconditions";

/** The validated input of a handler. */
export interface Call<T extends Operation> {
  params: OutputOf<T["params"]>;
  query: OutputOf<T["query"]>;
  body: OutputOf<T["body"]>;
  principal: Principal;
  /** Preconditions of the write; the handler compares them under its lock. */
  preconditions: Preconditions;
  request: Request;
}

/** The success body that the operation declares. */
type BodyOf<T extends Operation> = T extends { respondsText: true } ? string : OutputOf<T["response"]>;

/** A response with additional headers. `ETag` overrides the `etag` in the body. */
export class Reply<Body> {
  constructor(
    readonly body: Body,
    readonly headers: Readonly<Record<string, string>>,
  ) {}
}

/** Performs one operation and returns its success body. @throws ManagementError for every failure */
export type Handler<T extends Operation> = (
  call: Call<T>,
) => T["response"] extends null ? Promise<void> : Promise<BodyOf<T> | Reply<BodyOf<T>>>;

/** One handler per operation of a table, with the types the operations declare. */
export type HandlersOf<Table extends Record<string, Operation>> = { readonly [Name in keyof Table]: Handler<Table[Name]> };

export type Handlers = HandlersOf<Operations>;
