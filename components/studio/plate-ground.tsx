import { cx } from "@/components/ui/cx";

const NOTCH = "[clip-path:polygon(0_0,calc(100%_-_12px)_0,100%_12px,100%_100%,0_100%)]";

/** A plate's background. Its shape shows the state: solid, hollow, or notched. */
export function PlateGround({ state, isSelected }: { state: "plain" | "hollow" | "failing"; isSelected: boolean }) {
  if (state === "failing") {
    return (
      <span aria-hidden className={cx("-z-1 absolute inset-0 rounded-control bg-failing", NOTCH, isSelected ? "p-[2px]" : "p-px")}>
        <span className={cx("block h-full rounded-[5px] bg-failing-soft", NOTCH)} />
      </span>
    );
  }
  return (
    <span
      aria-hidden
      className={cx(
        "-z-1 absolute inset-0 rounded-control border transition-colors",
        state === "hollow"
          ? "border-line-strong border-dashed bg-surface"
          : "border-line-strong/70 bg-raised group-hover/plate:border-line-strong",
        isSelected && "border-accent ring-1 ring-accent",
      )}
    />
  );
}
