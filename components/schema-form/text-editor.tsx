import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import { plainHttpProblem } from "@/lib/definition/plain-http";
import type { EditorProps } from "./editor-props";
import { messageAt } from "./values";

function UrlNotes({ description, warning }: { description: string | undefined; warning: string }) {
  return (
    <>
      {description}
      <span className="mt-1 block font-medium text-open">{warning}</span>
    </>
  );
}

/** Edits one line of text in a monospace font, or several lines. */
export function TextEditor({ field, path, value, onChange, problems }: EditorProps<"text">) {
  const warning = field.isCalled && typeof value === "string" ? plainHttpProblem(value) : undefined;
  const shared = {
    label: field.label,
    description: warning === undefined ? field.description : <UrlNotes description={field.description} warning={warning} />,
    placeholder: field.placeholder,
    isOptional: field.isOptional,
    errorMessage: messageAt(problems, path),
    value: typeof value === "string" ? value : "",
    onChange,
  };
  if (field.isMultiline) return <TextArea {...shared} mono={field.isPem} autoComplete="off" />;
  return <TextField {...shared} mono type={field.isUrl ? "url" : "text"} autoComplete="off" />;
}
