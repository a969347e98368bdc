"use client";

import { Search, X } from "lucide-react";
import { SearchField as AriaSearchField, Button, Input, Label } from "react-aria-components";
import { cx } from "./cx";
import { controlStyle } from "./field";

interface SearchFieldProps {
  /** The label and placeholder, for example "Search APIs". */
  label: string;
  /** Omit both within an Autocomplete. */
  value?: string;
  onChange?: (value: string) => void;
  autoFocus?: boolean;
  className?: string;
}

/** Filters a list. Esc clears it. */
export function SearchField({ label, value, onChange, autoFocus = false, className }: SearchFieldProps) {
  return (
    <AriaSearchField value={value} onChange={onChange} autoFocus={autoFocus} className={cx("group relative flex min-w-0", className)}>
      <Label className="sr-only">{label}</Label>
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted" strokeWidth={1.75} />
      <Input placeholder={label} className={cx(controlStyle, "px-8 [&::-webkit-search-cancel-button]:hidden")} />
      <Button
        aria-label="Clear search"
        className="absolute inset-y-0 right-1 my-auto grid size-6 place-items-center rounded-sm text-muted hover:text-ink group-data-empty:hidden"
      >
        <X aria-hidden className="size-3.5" />
      </Button>
    </AriaSearchField>
  );
}
