import type { Operation, OutputOf } from "../contract/operation";
import type { Operations } from "../contract/operations";
import type { Principal } from "../http/principal";
import type { Preconditions } from "../preconditions";

/** What a handler is given: everything checked. */
export interface Call<T extends Operation> {
  params: OutputOf<T["params"]>;
  query: OutputOf<T["query"]>;
  body: OutputOf<T["body"]>;
  principal: Principal;
  /** What the write depends on; a handler compares it under its lock. */
  preconditions: Preconditions;
  request: Request;
}

/** The body of success as the operation declares it. */
type BodyOf<T extends Operation> = T extends { respondsText: true } ? string : OutputOf<T["response"]>;

/** A response with headers of its own. An `ETag` overrides the `etag` in the body. */
export class Reply<Body> {
  constructor(
    readonly body: Body,
    readonly headers: Readonly<Record<string, string>>,
  ) {}
}

/** Does what one operation is about and returns the body of its success. @throws ManagementError for every failure */
export type Handler<T extends Operation> = (
  call: Call<T>,
) => T["response"] extends null ? Promise<void> : Promise<BodyOf<T> | Reply<BodyOf<T>>>;

/** A handler for each of some operations, checked against what the operation declares. */
export type HandlersOf<Table extends Record<string, Operation>> = { readonly [Name in keyof Table]: Handler<Table[Name]> };

export type Handlers = HandlersOf<Operations>;
