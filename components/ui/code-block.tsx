import { CopyButton } from "./copy-button";
import { cx } from "./cx";

/** A block of code or text with a copy button. */
export function CodeBlock({
  label,
  code,
  copyLabel,
  maxHeight = true,
}: {
  label: string;
  code: string;
  copyLabel?: string;
  maxHeight?: boolean;
}) {
  return (
    <div className="relative min-w-0 rounded-control border border-line bg-sunken">
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the block scrolls, so it must be reachable by keyboard.
        tabIndex={0}
        className={cx("overflow-auto", maxHeight && "max-h-100")}
      >
        <pre className="whitespace-pre-wrap break-all px-3 py-2.5 pr-10 leading-5">
          <code>{code}</code>
        </pre>
      </section>
      <div className="absolute top-1 right-1">
        <CopyButton value={code} label={copyLabel ?? `Copy ${label}`} />
      </div>
    </div>
  );
}
