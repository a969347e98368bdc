"use client";

import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Select as AriaSelect, Button, ListBox, ListBoxItem, SelectValue, Text } from "react-aria-components";
import { cx } from "./cx";
import { controlStyle, FieldLabel, FieldNotes, type FieldProps, fieldStyle } from "./field";
import { optionStyle, Popover } from "./popover";

export interface SelectOption<Id extends string = string> {
  id: Id;
  label: string;
  description?: string;
  isDisabled?: boolean;
}

export interface SelectProps<Id extends string = string> extends FieldProps {
  options: readonly SelectOption<Id>[];
  /** The selected option's ID; null if none. */
  value: Id | null;
  onChange: (value: Id) => void;
  placeholder?: string;
  mono?: boolean;
  isDisabled?: boolean;
  name?: string;
  /** The content of an empty list. */
  emptyState?: ReactNode;
}

/** Selects one option of a list too long for a segmented control. */
export function Select<Id extends string = string>(props: SelectProps<Id>) {
  const {
    label,
    hideLabel,
    isOptional,
    description,
    errorMessage,
    className,
    options,
    value,
    onChange,
    placeholder = "Select",
    mono,
    isDisabled,
    name,
    emptyState,
  } = props;
  return (
    <AriaSelect
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.id === key);
        if (chosen) onChange(chosen.id);
      }}
      placeholder={placeholder}
      isDisabled={isDisabled}
      isInvalid={Boolean(errorMessage)}
      validationBehavior="aria"
      name={name}
      className={cx(fieldStyle, className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} isOptional={isOptional} />
      <Button
        className={cx(controlStyle, "flex cursor-default items-center gap-2 pr-2 text-left", Boolean(errorMessage) && "border-failing")}
      >
        <SelectValue className={cx("min-w-0 flex-1 truncate data-placeholder:text-muted", mono && "mono")}>
          {({ selectedText, isPlaceholder, defaultChildren }) => (isPlaceholder ? defaultChildren : selectedText)}
        </SelectValue>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
      </Button>
      <FieldNotes description={description} errorMessage={errorMessage} />
      <Popover className="w-(--trigger-width) p-1">
        <ListBox
          items={options}
          className="outline-none"
          renderEmptyState={() => <div className="px-2 py-1.5 text-muted text-xs">{emptyState ?? "No options."}</div>}
        >
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} isDisabled={option.isDisabled} className={optionStyle}>
              <span className="flex min-w-0 flex-1 flex-col">
                <Text slot="label" className={cx("truncate", mono && "mono")}>
                  {option.label}
                </Text>
                {option.description && (
                  <Text slot="description" className="text-muted text-xs">
                    {option.description}
                  </Text>
                )}
              </span>
              <Check aria-hidden className="invisible size-4 shrink-0 group-data-selected:visible" />
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
