"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { Fragment, useEffect, useMemo, useRef } from "react";
import { cx } from "@/components/ui/cx";
import type { TryResponse } from "@/lib/management/contract/apis";
import { backendState } from "./outcome";
import { TracePlate, type TraceStep } from "./trace-plate";

function End({ title, note, isLit, className }: { title: string; note: string; isLit: boolean; className?: string }) {
  return (
    <div
      className={cx(
        "flex flex-col justify-center rounded-control border px-2.5 py-1.5 sm:w-24",
        isLit ? "border-line-strong bg-sunken" : "border-line border-dashed text-muted",
        className,
      )}
    >
      <span className="font-medium">{title}</span>
      <span className="text-muted text-xs">{note}</span>
    </div>
  );
}

/** A segment of the line: solid where the request passed, dashed elsewhere. */
function Wire({ isLit, arrow }: { isLit: boolean; arrow?: "right" | "left" | undefined }) {
  const Arrow = arrow === "left" ? ChevronLeft : ChevronRight;
  return (
    <span
      aria-hidden
      className={cx("relative flex h-3 min-w-4 flex-1 items-center justify-center sm:h-auto", isLit ? "text-ink" : "text-line-strong")}
    >
      <span className={cx("h-full border-current border-l sm:h-px sm:w-full sm:border-t sm:border-l-0", !isLit && "border-dashed")} />
      {arrow && (
        <Arrow className={cx("absolute hidden size-4 sm:block", arrow === "right" ? "-right-1.5" : "-left-1.5")} strokeWidth={1.5} />
      )}
    </span>
  );
}

interface LaneProps {
  label: string;
  /** In execution order. */
  steps: readonly TraceStep[];
  direction: "to-backend" | "to-caller";
  /** Whether the request passed this lane. */
  isLit: boolean;
}

function Lane({ label, steps, direction, isLit }: LaneProps) {
  const end = steps.findIndex((step) => step.outcome === "answered" || step.outcome === "failed");
  const reaches = (index: number) => isLit && (end === -1 || index <= end);
  const toBackend = direction === "to-backend";
  const lane = useRef<HTMLOListElement>(null);
  const deciding = useRef<HTMLLIElement>(null);
  // Scroll a long lane to the step that ended the request.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each request can end at another step.
  useEffect(() => {
    if (!lane.current || !deciding.current) return;
    const [room, step] = [lane.current.getBoundingClientRect(), deciding.current.getBoundingClientRect()];
    lane.current.scrollBy({ left: step.left + step.width / 2 - (room.left + room.width / 2) });
  }, [steps]);
  return (
    <ol
      ref={lane}
      aria-label={label}
      // A long lane scrolls, so it must be reachable by keyboard.
      tabIndex={steps.length > 2 ? 0 : undefined}
      className={cx(
        "flex min-w-0 flex-col items-stretch py-1 sm:shrink-0 sm:grow sm:items-center sm:overflow-x-auto",
        toBackend ? "order-2 sm:order-none sm:flex-row" : "order-4 sm:order-none sm:flex-row-reverse",
      )}
    >
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a trace never changes, and steps can repeat.
        <Fragment key={index}>
          <li aria-hidden className="flex min-w-4 flex-1">
            <Wire isLit={reaches(index)} />
          </li>
          <li ref={index === end ? deciding : undefined} className="flex min-w-0 shrink-0">
            <TracePlate step={step} position={index + 1} />
          </li>
        </Fragment>
      ))}
      <li aria-hidden={steps.length > 0} className="flex min-w-4 flex-1 items-center">
        {!toBackend && <Wire isLit={reaches(steps.length)} arrow="left" />}
        {steps.length === 0 && <span className="px-2 text-muted text-xs max-sm:hidden">No {toBackend ? "request" : "response"} steps</span>}
        {(toBackend || steps.length === 0) && <Wire isLit={reaches(steps.length)} arrow={toBackend ? "right" : undefined} />}
      </li>
    </ol>
  );
}

const backendNotes = { answered: "Responded", failed: "No response", "not-called": "Not called" } as const;

/** Shows a request's path through the lanes: request steps left to right above, response steps back below. */
export function TraceLanes({ answer }: { answer: TryResponse }) {
  const state = backendState(answer);
  const [request, response] = useMemo(
    () => [answer.trace.filter((step) => step.phase === "request"), answer.trace.filter((step) => step.phase === "response")],
    [answer],
  );
  return (
    <section aria-label="Trace" className="flex flex-col sm:flex-row sm:items-stretch">
      <End title="Client" note={`Got ${answer.response.status}`} isLit className="order-1 sm:order-none" />
      <div className="contents min-w-0 flex-1 flex-col gap-1 sm:flex">
        <Lane label="Request steps" steps={request} direction="to-backend" isLit />
        <Lane label="Response steps" steps={response} direction="to-caller" isLit={state === "answered"} />
      </div>
      <End title="Backend" note={backendNotes[state]} isLit={state === "answered"} className="order-3 sm:order-none" />
    </section>
  );
}
