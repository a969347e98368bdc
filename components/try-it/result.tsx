"use client";

import { useEffect, useRef } from "react";
import { ApiProblem, messageOf } from "@/components/data/client";
import { Banner } from "@/components/ui/banner";
import { cx } from "@/components/ui/cx";
import { ErrorState } from "@/components/ui/error-state";
import { Kbd } from "@/components/ui/kbd";
import { ResponseView } from "./response";
import type { SendState } from "./use-send";

/** The result pane: empty, an error, or the response. */
export function Result({ state, onRetry }: { state: SendState; onRetry: () => void }) {
  const section = useRef<HTMLElement>(null);
  // On narrow screens the response is below the request, out of view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs on a new response or error.
  useEffect(() => {
    if (section.current && section.current.getBoundingClientRect().top > window.innerHeight * 0.8)
      section.current.scrollIntoView({ block: "start" });
  }, [state.answer, state.error, state.notSent]);
  return (
    <section
      ref={section}
      aria-label="Response"
      className={cx("flex min-w-0 flex-col gap-4", state.error === null && "border-line border-t pt-3")}
    >
      {state.error !== null && (
        <ErrorState
          title="Couldn't send the request."
          message={messageOf(state.error)}
          requestId={state.error instanceof ApiProblem ? state.error.requestId : undefined}
          onRetry={onRetry}
          isRetrying={state.isSending}
        />
      )}
      {state.notSent !== null && (
        <Banner meaning="failing" isAlert title="No response">
          {state.notSent}
        </Banner>
      )}
      {state.answer && <ResponseView answer={state.answer} isStale={state.isSending} />}
      {!state.answer && state.error === null && state.notSent === null && (
        <p className="max-w-measure text-base text-muted">
          {state.isSending ? (
            "Waiting for the response."
          ) : (
            <>
              Send a request to see the response and what each step does. <Kbd>Ctrl</Kbd> <Kbd>Enter</Kbd> sends it from any field.
            </>
          )}
        </p>
      )}
    </section>
  );
}
