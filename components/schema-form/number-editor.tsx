import { NumberField } from "@/components/ui/number-field";
import type { EditorProps } from "./editor-props";
import { messageAt } from "./values";

/** Edits a number with its unit. Clearing it restores the default. */
export function NumberEditor({ field, path, value, onChange, problems }: EditorProps<"number">) {
  return (
    <NumberField
      label={field.label}
      description={field.description}
      placeholder={field.placeholder}
      unit={field.unit}
      isOptional={field.isOptional}
      errorMessage={messageAt(problems, path)}
      value={typeof value === "number" ? value : undefined}
      onChange={onChange}
    />
  );
}
