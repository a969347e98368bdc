import type { ReactNode } from "react";
import { cx } from "./cx";

/** The meanings of colors, the same everywhere. */
export type Meaning = "open" | "guarded" | "scoped" | "failing" | "pending" | "neutral";

const colours: Record<Meaning, string> = {
  open: "text-open",
  guarded: "text-guarded",
  scoped: "text-scoped",
  failing: "text-failing",
  pending: "text-pending",
  neutral: "text-muted",
};

const softs: Record<Meaning, string> = {
  open: "bg-open-soft",
  guarded: "bg-guarded-soft",
  scoped: "bg-scoped-soft",
  failing: "bg-failing-soft",
  pending: "bg-pending-soft",
  neutral: "bg-sunken",
};

/** Each meaning has its own shape: color alone isn't enough. */
const shapes: Record<Meaning, ReactNode> = {
  open: <circle cx="5" cy="5" r="3.9" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  guarded: <circle cx="5" cy="5" r="4.2" fill="currentColor" />,
  scoped: <path d="M5 .4 9.6 5 5 9.6.4 5Z" fill="currentColor" />,
  failing: <path d="M5 .8 9.8 9.2H.2Z" fill="currentColor" />,
  pending: (
    <>
      <circle cx="5" cy="5" r="4.1" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M5 .9a4.1 4.1 0 0 1 0 8.2Z" fill="currentColor" />
    </>
  ),
  neutral: <path d="M1.5 5h7" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />,
};

/** The shape of a meaning, for dense rows with the label elsewhere. */
export function MeaningShape({ meaning, className }: { meaning: Meaning; className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 10 10" className={cx("size-2.5 shrink-0", colours[meaning], className)}>
      {shapes[meaning]}
    </svg>
  );
}

export interface StateMarkProps {
  meaning: Meaning;
  /** The label, for example "Undeployed changes" or "Live". */
  children: ReactNode;
  /** `soft`: tinted background; `plain`: for tables. */
  look?: "plain" | "soft";
}

/** A state with shape, color, and label. */
export function StateMark({ meaning, children, look = "plain" }: StateMarkProps) {
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1.5 whitespace-nowrap font-medium",
        colours[meaning],
        look === "soft" && cx("h-5 rounded-sm px-1.5 text-xs", softs[meaning]),
      )}
    >
      <MeaningShape meaning={meaning} />
      {children}
    </span>
  );
}
