import { cx } from "@/components/ui/cx";
import type { Flow } from "@/lib/definition/schema";

/** A flow's match in one line: methods, path, and a star where it takes everything below. */
export function FlowMatch({ match, className }: { match: Flow["match"]; className?: string }) {
  const path = match.operator === "startsWith" ? match.path.replace(/\/$/, "") : match.path;
  const words = `${match.methods.length ? match.methods.join(", ") : "Every method"}, path ${match.operator === "startsWith" ? "starts with" : "equals"} ${match.path}`;
  return (
    <span className={cx("mono", className)} title={words}>
      <span className="sr-only">{words}</span>
      <span aria-hidden>
        {match.methods.length > 0 && <span className="mr-2 font-medium text-ink">{match.methods.join(" ")}</span>}
        {path}
        {match.operator === "startsWith" && <span className="opacity-70">/*</span>}
      </span>
    </span>
  );
}
