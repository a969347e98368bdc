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

/** A monospace path that can wrap after each slash; :parameters are muted. */
export function Path({ children, className }: { children: string; className?: string }) {
  const segments = children.split("/");
  return (
    <span className={cx("mono [overflow-wrap:anywhere]", className)}>
      {segments.map((segment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: segments can repeat and never move.
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
