"use client";

import { ChevronDown } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Menu as AriaMenu, MenuItem as AriaMenuItem, Autocomplete, MenuTrigger } from "react-aria-components";
import { IconButton } from "@/components/ui/icon-button";
import { optionStyle, Popover } from "@/components/ui/popover";
import { SearchField } from "@/components/ui/search-field";

/** Number of items from which the menu has a search. */
const SEARCH_FROM = 9;

const HEIGHT_MAX = 400;

interface SearchableMenuProps<T> {
  /** The button's label: "Choose operation". */
  label: string;
  /** The search field's label: "Search operations". */
  searchLabel: string;
  items: readonly T[];
  idOf: (item: T) => string;
  search: (items: readonly T[], text: string) => readonly T[];
  onChoose: (item: T) => void;
  children: (item: T) => ReactNode;
}

/** A button inside a text field that suggests values. */
export function SearchableMenu<T>({ label, searchLabel, items, idOf, search, onChoose, children }: SearchableMenuProps<T>) {
  const [text, setText] = useState("");
  if (items.length === 0) return null;
  const found = search(items, text);
  const menu = (
    <AriaMenu
      aria-label={label}
      className="min-h-0 overflow-y-auto p-1 outline-none"
      renderEmptyState={() => <p className="px-2 py-1.5 text-muted">No matches.</p>}
      onAction={(key) => {
        const chosen = items.find((item) => idOf(item) === key);
        if (chosen) onChoose(chosen);
      }}
    >
      {found.map((item) => (
        <AriaMenuItem key={idOf(item)} id={idOf(item)} textValue={idOf(item)} className={optionStyle}>
          {children(item)}
        </AriaMenuItem>
      ))}
    </AriaMenu>
  );
  return (
    <MenuTrigger onOpenChange={() => setText("")}>
      <IconButton label={label} size="small">
        <ChevronDown aria-hidden />
      </IconButton>
      <Popover placement="bottom end" maxHeight={HEIGHT_MAX} className="flex w-120 max-w-[calc(100vw-32px)] flex-col">
        {items.length < SEARCH_FROM ? (
          menu
        ) : (
          <Autocomplete inputValue={text} onInputChange={setText}>
            <div className="border-line border-b p-1.5">
              <SearchField label={searchLabel} autoFocus />
            </div>
            {menu}
          </Autocomplete>
        )}
      </Popover>
    </MenuTrigger>
  );
}
