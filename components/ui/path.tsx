import { Fragment } from "react";
import { segmentOf } from "@/lib/definition/path-segments";
import { cx } from "./cx";

function Segment({ children }: { children: string }) {
  const { parameter, literal } = segmentOf(children);
  if (parameter === null) return literal;
  return (
    <>
      <span className="text-muted italic">:{parameter}</span>
      {literal}
    </>
  );
}

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
          <Segment>{segment}</Segment>
        </Fragment>
      ))}
    </span>
  );
}
