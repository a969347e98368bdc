import { cx } from "./cx";

/** An HTTP method in a fixed-width column. Writing methods are bold. */
export function MethodBadge({ method, className }: { method: string; className?: string }) {
  const reads = method === "GET" || method === "HEAD" || method === "OPTIONS";
  return <span className={cx("mono inline-block min-w-13", reads ? "text-muted" : "font-semibold text-ink", className)}>{method}</span>;
}
