import { Switch } from "@/components/ui/switch";
import type { EditorProps } from "./editor-props";
import { messageAt } from "./values";

/** Edits a boolean. */
export function BooleanEditor({ field, path, value, onChange, problems }: EditorProps<"boolean">) {
  return (
    <Switch
      label={field.label}
      description={field.description}
      errorMessage={messageAt(problems, path)}
      isSelected={value === true}
      onChange={onChange}
    />
  );
}
