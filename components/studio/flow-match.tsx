import { cx } from "@/components/ui/cx";
import type { Flow } from "@/lib/definition/schema";

/** Shows a flow's match on one line: methods, path, operator. */
export function FlowMatch({ match, className }: { match: Flow["match"]; className?: string }) {
  const words = `${match.methods.length ? match.methods.join(", ") : "All methods"}, path ${match.operator === "startsWith" ? "starts with" : "equals"} ${match.path}`;
  return (
    <span className={cx("mono", className)} title={words}>
      <span className="sr-only">{words}</span>
      <span aria-hidden>
        {match.methods.length > 0 && <span className="mr-2 font-medium text-ink">{match.methods.join(" ")}</span>}
        {match.path}
        {match.operator === "startsWith" && <span className="font-sans text-muted"> and below</span>}
      </span>
    </span>
  );
}
