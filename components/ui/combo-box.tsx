"use client";

import { ChevronDown } from "lucide-react";
import { ComboBox as AriaComboBox, Button, Input, ListBox, ListBoxItem, Text } from "react-aria-components";
import { cx } from "./cx";
import { controlStyle, FieldLabel, FieldNotes, type FieldProps, fieldStyle } from "./field";
import { optionStyle, Popover } from "./popover";
import type { SelectOption } from "./select";

export interface ComboBoxProps extends FieldProps {
  options: readonly SelectOption[];
  /** The text: a selected option's ID or free text. */
  value: string;
  onChange: (value: string) => void;
  placeholder?: string | undefined;
  mono?: boolean;
  isDisabled?: boolean;
}

/** A text field with suggestions. For a fixed list, use Select. */
export function ComboBox(props: ComboBoxProps) {
  const { label, hideLabel, isOptional, description, errorMessage, className, options, value, onChange, placeholder, mono, isDisabled } =
    props;
  return (
    <AriaComboBox
      inputValue={value}
      onInputChange={onChange}
      selectedKey={options.some((option) => option.id === value) ? value : null}
      onSelectionChange={(key) => typeof key === "string" && onChange(key)}
      items={options}
      allowsCustomValue
      menuTrigger="focus"
      isDisabled={isDisabled}
      isInvalid={Boolean(errorMessage)}
      validationBehavior="aria"
      className={cx(fieldStyle, className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} isOptional={isOptional} />
      <div className="relative flex">
        <Input placeholder={placeholder} spellCheck={mono ? false : undefined} className={cx(controlStyle, "pr-8", mono && "mono")} />
        <Button className="absolute inset-y-0 right-1 my-auto grid size-6 place-items-center rounded-sm text-muted">
          <ChevronDown aria-hidden className="size-4" />
        </Button>
      </div>
      <FieldNotes description={description} errorMessage={errorMessage} />
      <Popover className="w-(--trigger-width) p-1">
        <ListBox<SelectOption> className="outline-none">
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.id} className={optionStyle}>
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
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}
