import type { Problem } from "@/lib/definition/problems";

const TITLES = {
  400: "The request is invalid",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  409: "In conflict with what is there",
  412: "Someone else was faster",
  413: "Too large",
  415: "Unsupported media type",
  428: "If-Match is missing",
  429: "Too many of these at once",
  500: "Something went wrong here",
  503: "Not available right now",
} as const;

/** The statuses that the management API answers when it cannot do what was asked. */
export type FailureStatus = keyof typeof TITLES;

/** What the management API could not do, as RFC 9457 says it. Its detail is for the caller's eyes. */
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

/** The thing with this id is not there. */
export const notFound = (what: string) => new ManagementError(404, `There is no such ${what}. It may have been deleted.`);

/** How many problems an answer lists: whoever sends a hundred thousand of them is not going to read them. */
export const PROBLEMS_MAX = 100;

/** The input is wrong at these paths. */
export const invalid = (errors: readonly Problem[]) =>
  new ManagementError(
    400,
    errors.length === 1
      ? `${errors[0]?.path ? `${errors[0].path}: ` : ""}${errors[0]?.message ?? ""}`
      : `${errors.length} things are wrong.${errors.length > PROBLEMS_MAX ? ` These are the first ${PROBLEMS_MAX}.` : ""}`,
    errors.slice(0, PROBLEMS_MAX),
  );
