import { CopyButton } from "./copy-button";

/** Shows a label and a monospace value with a copy button. */
export function CopyField({ label, value, hideLabel = false }: { label: string; value: string; hideLabel?: boolean }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span className={hideLabel ? "sr-only" : "font-medium"}>{label}</span>
      <div className="flex min-h-8 items-center gap-1 rounded-control border border-line bg-sunken py-0.5 pr-1 pl-2.5">
        <span className="mono min-w-0 flex-1 break-all">{value}</span>
        <CopyButton value={value} label={`Copy ${label}`} />
      </div>
    </div>
  );
}
