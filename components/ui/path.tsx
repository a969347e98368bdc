import { Fragment } from "react";
import { cx } from "./cx";

/** A path in mono that may break after each slash; its :parameters stand back. */
export function Path({ children, className }: { children: string; className?: string }) {
  const segments = children.split("/");
  return (
    <span className={cx("mono [overflow-wrap:anywhere]", className)}>
      {segments.map((segment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: segments may repeat and never move.
        <Fragment key={index}>
          {index > 0 && (
            <>
              /<wbr />
            </>
          )}
          {segment.startsWith(":") ? <span className="text-muted italic">{segment}</span> : segment}
        </Fragment>
      ))}
    </span>
  );
}
