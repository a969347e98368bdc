import { messageOf, problemsIn } from "@/components/data/client";
import { ProblemBanner } from "@/components/data/problem-banner";
import { cx } from "@/components/ui/cx";
import { excerptOf } from "./line-excerpt";

/** Explains why a document was rejected, with the invalid line if known. */
export function DocumentRefusal({ error, text }: { error: unknown; text: string }) {
  const problems = problemsIn(error);
  const excerpt = [...problems.map(({ message }) => message), messageOf(error)].reduce<ReturnType<typeof excerptOf>>(
    (found, message) => found ?? excerptOf(text, message),
    null,
  );
  return (
    <div className="flex flex-col gap-2">
      <ProblemBanner error={error} title="The document wasn't attached." problems={problems} />
      {excerpt && (
        <section
          aria-label={`The document around line ${excerpt.line}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the excerpt scrolls, so it must be reachable by keyboard.
          tabIndex={0}
          className="overflow-x-auto rounded-control border border-line bg-sunken py-1.5"
        >
          <ol className="mono min-w-fit text-xs">
            {excerpt.lines.map(({ number, text: line }) => (
              <li
                key={number}
                aria-current={number === excerpt.line ? "location" : undefined}
                className={cx("flex gap-3 whitespace-pre px-3 leading-5", number === excerpt.line && "bg-failing-soft font-medium")}
              >
                <span className="w-8 shrink-0 select-none text-right text-muted tabular-nums">{number}</span>
                {line}
              </li>
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}
