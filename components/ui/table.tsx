import type { ReactNode } from "react";
import { cx } from "./cx";
import { PlainLink } from "./link";

type Align = "left" | "right";

/** A table that scrolls horizontally on narrow screens. */
export function Table({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return (
    // A named, focusable region lets keyboard users scroll it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the region scrolls, and axe requires keyboard access.
    <section aria-label={label} tabIndex={0} className={cx("relative -mx-2 overflow-x-auto outline-offset-[-2px]", className)}>
      <table aria-label={label} className="w-full border-collapse text-left">
        {children}
      </table>
    </section>
  );
}

/** The header row. */
export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead>
      <tr>{children}</tr>
    </thead>
  );
}

interface ColumnProps {
  children?: ReactNode;
  align?: Align;
  className?: string;
  /** Hides the header visually, for columns of buttons. */
  hideLabel?: boolean;
}

/** A column's header. */
export function Column({ children, align = "left", className, hideLabel = false }: ColumnProps) {
  return (
    <th
      scope="col"
      className={cx(
        "h-8 whitespace-nowrap border-line border-b px-3 font-medium text-muted text-xs first:pl-2 last:pr-2",
        align === "right" && "text-right",
        className,
      )}
    >
      {hideLabel ? <span className="sr-only">{children}</span> : children}
    </th>
  );
}

/** The rows. */
export function TableBody({ children }: { children: ReactNode }) {
  return <tbody>{children}</tbody>;
}

/** One row, at least 36 px high. */
export function Row({ children, isSelected = false }: { children: ReactNode; isSelected?: boolean }) {
  return (
    <tr
      aria-selected={isSelected || undefined}
      className={cx("relative border-line border-b transition-colors hover:bg-sunken", isSelected && "bg-sunken")}
    >
      {children}
    </tr>
  );
}

interface CellProps {
  children?: ReactNode;
  align?: Align;
  mono?: boolean;
  muted?: boolean;
  /** Whether the cell is the row's header. */
  isRowHeader?: boolean;
  /** Number of columns to span. */
  colSpan?: number;
  className?: string;
}

/** One cell. */
export function Cell({ children, align = "left", mono = false, muted = false, isRowHeader = false, colSpan, className }: CellProps) {
  const style = cx(
    "h-9 px-3 py-1 font-normal first:pl-2 last:pr-2",
    isRowHeader && "min-w-44",
    align === "right" && "text-right",
    mono && "mono",
    muted && "text-muted",
    className,
  );
  return isRowHeader ? (
    <th scope="row" colSpan={colSpan} className={style}>
      {children}
    </th>
  ) : (
    <td colSpan={colSpan} className={style}>
      {children}
    </td>
  );
}

/** The link of a row: the whole row is clickable. Other controls of the row need `relative z-1`. */
export function RowLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <PlainLink
      href={href}
      className="font-medium outline-none after:absolute after:inset-0 focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:outline-offset-[-2px]"
    >
      {children}
    </PlainLink>
  );
}
