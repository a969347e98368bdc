import { BackendError, toBackendError } from "../upstream/backend-error";
import type { UpstreamCall } from "../upstream/contract";
import { CallerTooSlowError, type RequestBody } from "./request-body";

/** Calls back once: with null when enough of a client's body is there, or with the reason why it never will be. */
export function awaitBody(body: RequestBody, { request, caller }: UpstreamCall, done: (error: BackendError | null) => void): void {
  const stated = caller.contentLength === null ? null : Number(caller.contentLength);
  request.caller.whenGone(() => body.destroy(new BackendError("aborted", "The caller went away.")));
  body.whenReady(stated, (error) => {
    request.caller.whenGone(null);
    if (error === null) done(null);
    else if (error instanceof BackendError || error instanceof CallerTooSlowError) done(toBackendError(error));
    else done(new BackendError("aborted", `The client's body did not arrive: ${error.message}`));
  });
}
