import { TriangleAlert } from "lucide-react";
import { useId } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import type { EditorProps } from "./editor-props";
import { messageAt } from "./values";

/** Edits a subset of choices, such as methods, in the schema's order. */
export function EnumListEditor({ field, path, value, onChange, problems }: EditorProps<"enum-list">) {
  const notesId = useId();
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [];
  const message = messageAt(problems, path);
  return (
    <fieldset aria-describedby={notesId} className="flex min-w-0 flex-col gap-1">
      <legend className="mb-1 font-medium">{field.label}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {field.choices.map((choice) => (
          <Checkbox
            key={choice}
            label={choice}
            mono
            isSelected={chosen.includes(choice)}
            onChange={(isSelected) => {
              const known = field.choices.filter((other) => (other === choice ? isSelected : chosen.includes(other)));
              onChange([...known, ...chosen.filter((other) => typeof other !== "string" || !field.choices.includes(other))]);
            }}
          />
        ))}
      </div>
      <div id={notesId} className="flex flex-col gap-1 text-xs">
        {field.description && <span className="text-muted">{field.description}</span>}
        {message && (
          <span className="flex gap-1.5 font-medium text-failing">
            <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
            {message}
          </span>
        )}
      </div>
    </fieldset>
  );
}
