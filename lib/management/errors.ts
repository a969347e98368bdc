import type { Problem } from "@/lib/definition/problems";

const TITLES = {
  400: "Bad request",
  401: "Authentication required",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  412: "Precondition failed",
  413: "Content too large",
  415: "Unsupported media type",
  428: "Precondition required",
  429: "Too many requests",
  500: "Internal server error",
  503: "Service unavailable",
} as const;

/** The error statuses of the management API. */
export type FailureStatus = keyof typeof TITLES;

/** A failure of the management API as RFC 9457 problem details. Clients see the detail: keep secrets and stacks out of it. */
export class ManagementError extends Error {
  override name = "ManagementError";
  readonly title: string;

  constructor(
    readonly status: FailureStatus,
    readonly detail: string,
    readonly errors: readonly Problem[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.title = TITLES[status];
  }
}

/** Creates a 404 error. @param what names the missing resource, for example `access policy` */
export const notFound = (what: string) =>
  new ManagementError(404, `${what.charAt(0).toUpperCase()}${what.slice(1)} not found. It may have been deleted.`);

/** Maximum problems in one response. */
export const PROBLEMS_MAX = 100;

/** Creates a 400 error that names each invalid path, up to {@link PROBLEMS_MAX}. */
export const invalid = (errors: readonly Problem[]) =>
  new ManagementError(
    400,
    errors.length === 1
      ? `${errors[0]?.path ? `${errors[0].path}: ` : ""}${errors[0]?.message ?? ""}`
      : `The request has ${errors.length} errors.${errors.length > PROBLEMS_MAX ? ` The first ${PROBLEMS_MAX} are listed.` : ""}`,
    errors.slice(0, PROBLEMS_MAX),
  );
