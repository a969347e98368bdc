import { ListField } from "@/components/ui/list-field";
import type { EditorProps } from "./editor-props";
import { invalidIndexes, messageAt } from "./values";

/** Edits a list of short texts; scopes have suggestions. */
export function StringListEditor({ field, path, value, onChange, problems, options }: EditorProps<"string-list" | "scopes">) {
  return (
    <ListField
      label={field.label}
      description={field.description}
      placeholder={field.placeholder}
      isOptional={field.isOptional}
      suggestions={field.kind === "scopes" ? options.scopes : undefined}
      spacesAllowed={field.kind === "string-list" && field.spacesAllowed}
      errorMessage={messageAt(problems, path)}
      invalidIndexes={invalidIndexes(problems, path)}
      value={Array.isArray(value) ? value.map(String) : []}
      onChange={onChange}
    />
  );
}
