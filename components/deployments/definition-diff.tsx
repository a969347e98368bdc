import { useMemo } from "react";
import { count } from "@/components/ui/count";
import { cx } from "@/components/ui/cx";
import type { Definition } from "@/lib/definition/schema";
import { type DiffLine, diffLines, foldUnchanged } from "./line-diff";

const textOf = (definition: Definition | null) => (definition ? JSON.stringify(definition, null, 2) : "");

const looks: Record<DiffLine["kind"], { sign: string; name: string; style: string }> = {
  same: { sign: " ", name: "", style: "text-muted" },
  removed: { sign: "−", name: "Removed: ", style: "bg-sunken text-muted" },
  added: { sign: "+", name: "Added: ", style: "bg-pending-soft text-ink" },
};

function Line({ line }: { line: DiffLine }) {
  const { sign, name, style } = looks[line.kind];
  // Strike through the text only, not its indentation.
  const indent = /^ */.exec(line.text)?.[0] ?? "";
  return (
    <div className={cx("grid grid-cols-[20px_minmax(0,1fr)] px-3", style)}>
      <span aria-hidden>{sign}</span>
      <span>
        {name && <span className="sr-only">{name}</span>}
        {indent}
        <span className={line.kind === "removed" ? "line-through decoration-line-strong" : undefined}>
          {line.text.slice(indent.length) || " "}
        </span>
      </span>
    </div>
  );
}

/** Shows the line diff of two definitions as JSON without unchanged lines. Definitions contain no secrets. */
export function DefinitionDiff({ before, after }: { before: Definition | null; after: Definition }) {
  const parts = useMemo(() => {
    const diff = before
      ? diffLines(textOf(before), textOf(after))
      : textOf(after)
          .split("\n")
          .map((text): DiffLine => ({ kind: "added", text }));
    return foldUnchanged(diff);
  }, [before, after]);
  const isSame = parts.every((part) => part.kind === "gap");
  if (isSame) return <p className="text-muted">The definitions are identical. The summary lists replaced secrets.</p>;
  return (
    <section
      aria-label="Definition, changed lines"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the block scrolls, so it must be reachable by keyboard.
      tabIndex={0}
      className="mono max-h-[50vh] overflow-auto whitespace-pre-wrap break-all rounded-control border border-line py-1 leading-5"
    >
      {parts.map((part) =>
        part.kind === "gap" ? (
          <div
            key={part.at}
            className="border-line border-y bg-surface px-3 py-0.5 font-sans text-muted text-xs first:border-t-0 last:border-b-0"
          >
            {count(part.unchanged, "unchanged line")}
          </div>
        ) : (
          part.lines.map((line) => <Line key={line.at} line={line} />)
        ),
      )}
    </section>
  );
}
