"use client";

import { useEffect, useRef } from "react";
import { ApiProblem, messageOf } from "@/components/data/client";
import { Banner } from "@/components/ui/banner";
import { cx } from "@/components/ui/cx";
import { ErrorState } from "@/components/ui/error-state";
import { Kbd } from "@/components/ui/kbd";
import { Answer } from "./answer";
import type { SendState } from "./use-send";

/** The right half of the page: nothing yet, a failure to send, or the answer. */
export function Result({ state, onRetry }: { state: SendState; onRetry: () => void }) {
  const section = useRef<HTMLElement>(null);
  // On a narrow screen the answer stands below the call, where nobody would see it arrive.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new answer or failure is the occasion.
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
          title="The request could not be sent."
          message={messageOf(state.error)}
          requestId={state.error instanceof ApiProblem ? state.error.requestId : undefined}
          onRetry={onRetry}
          isRetrying={state.isSending}
        />
      )}
      {state.notSent !== null && (
        <Banner meaning="failing" isAlert title="There is no response.">
          {state.notSent}
        </Banner>
      )}
      {state.answer && <Answer answer={state.answer} isStale={state.isSending} />}
      {!state.answer && state.error === null && state.notSent === null && (
        <p className="max-w-measure text-base text-muted">
          {state.isSending ? (
            "Waiting for the answer."
          ) : (
            <>
              Send a request to see what the gateway answers and what each step does. <Kbd>Ctrl</Kbd> <Kbd>Enter</Kbd> sends it from any
              field.
            </>
          )}
        </p>
      )}
    </section>
  );
}
