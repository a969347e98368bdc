import type { ReactNode } from "react";
import { cx } from "./cx";

export interface KeyValue {
  label: string;
  value: ReactNode;
  mono?: boolean;
}

/** A list of labeled values. */
export function KeyValues({ items }: { items: readonly KeyValue[] }) {
  return (
    <dl className="grid grid-cols-1 border-line border-t sm:grid-cols-[minmax(120px,max-content)_minmax(0,1fr)]">
      {items.map(({ label, value, mono }) => (
        <div key={label} className="contents">
          <dt className="pt-2 text-muted sm:min-h-9 sm:border-line sm:border-b sm:pr-8 sm:pb-2">{label}</dt>
          <dd className={cx("min-w-0 break-words border-line border-b pb-2 sm:min-h-9 sm:pt-2", mono && "mono leading-5")}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
