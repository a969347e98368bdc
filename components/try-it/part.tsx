import { type ReactNode, useId } from "react";

/** One part of the request: token, headers, or body. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-2 border-line border-t pt-3">
      <h2 id={id} className="text-sm">
        {title}
      </h2>
      {children}
    </section>
  );
}
