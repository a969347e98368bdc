import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import type { EditorProps } from "./editor-props";
import { messageAt } from "./values";

/** One line of text, set in mono because configurations hold names, claims and URLs; or several lines of prose. */
export function TextEditor({ field, path, value, onChange, problems }: EditorProps<"text">) {
  const shared = {
    label: field.label,
    description: field.description,
    placeholder: field.placeholder,
    isOptional: field.isOptional,
    errorMessage: messageAt(problems, path),
    value: typeof value === "string" ? value : "",
    onChange,
  };
  if (field.isMultiline) return <TextArea {...shared} mono={field.isPem} autoComplete="off" />;
  return <TextField {...shared} mono type={field.isUrl ? "url" : "text"} autoComplete="off" />;
}
