"use client";

import { X } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { TextField as AriaTextField, Button, Input } from "react-aria-components";
import { cx } from "./cx";
import { FieldLabel, FieldNotes, type FieldProps, fieldStyle } from "./field";
import { addEntries, splitEntries } from "./list-entries";

export interface ListFieldProps extends FieldProps {
  value: readonly string[];
  onChange: (value: string[]) => void;
  placeholder?: string | undefined;
  /** Suggested entries; those already in the list are hidden. */
  suggestions?: readonly string[] | undefined;
  /** Entries can contain spaces: only Enter and commas end one. */
  spacesAllowed?: boolean;
  /** Indexes of invalid entries; `errorMessage` explains them. */
  invalidIndexes?: readonly number[];
  isDisabled?: boolean;
}

/** Edits a list of short texts, such as scopes or header names. Enter, a comma, or blur adds the typed text. */
export function ListField(props: ListFieldProps) {
  const {
    label,
    hideLabel,
    isOptional,
    description,
    errorMessage,
    className,
    value,
    onChange,
    placeholder,
    suggestions = [],
    spacesAllowed = false,
    invalidIndexes = [],
    isDisabled,
  } = props;
  const [typed, setTyped] = useState("");
  const inputRef = useRef<HTMLInputElement>(null);
  const offered = suggestions.filter(
    (suggestion) => !value.includes(suggestion) && suggestion.toLowerCase().includes(typed.trim().toLowerCase()),
  );

  function add(text: string) {
    const entries = splitEntries(text, { spacesAllowed });
    if (entries.length > 0) onChange(addEntries(value, entries));
    setTyped("");
  }

  function remove(index: number) {
    onChange(value.filter((_, at) => at !== index));
    inputRef.current?.focus();
  }

  function handleKey(event: KeyboardEvent<HTMLInputElement>) {
    if (event.nativeEvent.isComposing) return;
    if (
      event.key === "Enter" ||
      (event.key === "," && typed.trim() !== "") ||
      (event.key === " " && !spacesAllowed && typed.trim() !== "")
    ) {
      // Enter in an empty field submits the form.
      if (typed.trim() === "") return;
      event.preventDefault();
      add(typed);
    } else if (event.key === "Backspace" && typed === "" && value.length > 0) {
      remove(value.length - 1);
    }
  }

  return (
    <AriaTextField
      value={typed}
      onChange={setTyped}
      isDisabled={isDisabled}
      isInvalid={Boolean(errorMessage)}
      validationBehavior="aria"
      className={cx(fieldStyle, className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} isOptional={isOptional} />
      <div
        className={cx(
          "flex min-h-8 flex-wrap items-center gap-1 rounded-control border bg-raised p-[3px] transition-colors has-[input[data-focused]]:border-focus has-[input[data-focused]]:outline-2 has-[input[data-focused]]:outline-focus has-[input[data-focused]]:outline-offset-[-1px]",
          errorMessage ? "border-failing" : "border-line-strong hover:border-muted",
        )}
      >
        {value.length > 0 && (
          <ul aria-label={label} className="contents">
            {value.map((entry, index) => (
              <li
                // biome-ignore lint/suspicious/noArrayIndexKey: stored entries can repeat and have no ID.
                key={`${index} ${entry}`}
                className={cx(
                  "flex h-6 max-w-full items-center rounded-sm border pl-1.5",
                  invalidIndexes.includes(index) ? "border-failing bg-failing-soft" : "border-line bg-sunken",
                )}
              >
                <span className="mono truncate">{entry}</span>
                <Button
                  slot={null}
                  aria-label={`Remove ${entry}`}
                  onPress={() => remove(index)}
                  className="grid size-6 place-items-center text-muted hover:text-ink"
                >
                  <X aria-hidden className="size-3" />
                </Button>
              </li>
            ))}
          </ul>
        )}
        <Input
          ref={inputRef}
          placeholder={value.length === 0 ? placeholder : undefined}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          onKeyDown={handleKey}
          onBlur={() => add(typed)}
          onPaste={(event) => {
            const text = event.clipboardData.getData("text");
            if (splitEntries(text, { spacesAllowed }).length < 2) return;
            event.preventDefault();
            add(`${typed}${text}`);
          }}
          className="mono h-6 min-w-20 flex-1 bg-transparent px-1.5 outline-none"
        />
      </div>
      {suggestions.length > 0 && (
        // The row stays when empty: content below must not move while it's pressed.
        <div className="flex min-h-6 flex-wrap items-center gap-1 text-muted text-xs">
          <span>{offered.length > 0 ? "Add" : typed.trim() === "" ? "No more suggestions." : "Press Enter to add."}</span>
          {offered.slice(0, 8).map((suggestion) => (
            <Button
              key={suggestion}
              slot={null}
              aria-label={`Add ${suggestion}`}
              onPress={() => {
                onChange(addEntries(value, [suggestion]));
                setTyped("");
              }}
              className="mono h-6 max-w-full truncate rounded-sm border border-line-strong/60 border-dashed px-1.5 hover:border-solid hover:text-ink"
            >
              {suggestion}
            </Button>
          ))}
        </div>
      )}
      <FieldNotes description={description} errorMessage={errorMessage} />
    </AriaTextField>
  );
}
