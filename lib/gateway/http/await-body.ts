import { BackendError, toBackendError } from "../upstream/backend-error";
import type { UpstreamCall } from "../upstream/contract";
import { CallerTooSlowError, type RequestBody } from "./request-body";

/** Calls back once: with null when enough of the body has arrived, or with the error. */
export function awaitBody(body: RequestBody, { request, caller }: UpstreamCall, done: (error: BackendError | null) => void): void {
  const stated = caller.contentLength === null ? null : Number(caller.contentLength);
  request.caller.whenGone(() => body.destroy(new BackendError("aborted", "The client disconnected.")));
  body.whenReady(stated, (error) => {
    request.caller.whenGone(null);
    if (error === null) done(null);
    else if (error instanceof BackendError || error instanceof CallerTooSlowError) done(toBackendError(error));
    else done(new BackendError("aborted", `The request body didn't arrive: ${error.message}`));
  });
}
