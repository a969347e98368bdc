import { cx } from "./cx";

export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";
export type ButtonSize = "medium" | "small";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover data-hovered:bg-accent-hover",
  secondary: "border border-line-strong/60 bg-raised text-ink hover:border-line-strong hover:bg-sunken data-pressed:bg-line",
  quiet: "text-ink hover:bg-sunken data-pressed:bg-line aria-expanded:bg-sunken",
  danger: "border border-failing/50 bg-raised text-failing hover:border-failing hover:bg-failing-soft",
};

const sizes: Record<ButtonSize, string> = { medium: "h-8 px-3 gap-2", small: "h-6 px-2 gap-1.5 text-xs" };

/** Returns the classes of buttons and button links. */
export function buttonStyle(variant: ButtonVariant, size: ButtonSize, className?: string): string {
  return cx(
    "relative inline-flex shrink-0 cursor-default select-none items-center justify-center whitespace-nowrap rounded-control font-medium transition-colors",
    "data-disabled:opacity-45 data-disabled:pointer-events-none",
    variants[variant],
    sizes[size],
    className,
  );
}
