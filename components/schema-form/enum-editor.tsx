import { SegmentedControl } from "@/components/ui/segmented-control";
import { Select } from "@/components/ui/select";
import type { EditorProps } from "./editor-props";
import { messageAt } from "./values";

/** The most choices that fit side by side in a 400 px form; above it, a list. */
const SEGMENTS = { count: 4, letters: 32 };

/** Edits one of several choices: segments if few and short, otherwise a list. */
export function EnumEditor({ field, path, value, onChange, problems }: EditorProps<"enum">) {
  const options = field.choices.map((choice) => ({ id: choice, label: choice }));
  const shared = {
    label: field.label,
    description: field.description,
    isOptional: field.isOptional,
    errorMessage: messageAt(problems, path),
    options,
    value: typeof value === "string" ? value : null,
    onChange,
  };
  const fits = options.length <= SEGMENTS.count && field.choices.join("").length <= SEGMENTS.letters;
  return fits ? <SegmentedControl {...shared} /> : <Select {...shared} />;
}
