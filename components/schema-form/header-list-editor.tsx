import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { TextField } from "@/components/ui/text-field";
import type { EditorProps } from "./editor-props";
import { messageAt, problemsAt } from "./values";

interface HeaderRow {
  name?: unknown;
  value?: unknown;
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

/** Edits headers with their values, one per row. */
export function HeaderListEditor({ field, path, value, onChange, problems }: EditorProps<"header-list">) {
  const rows: readonly HeaderRow[] = Array.isArray(value) ? value : [];
  // The name of an added header gets the focus.
  const [addedIndex, setAddedIndex] = useState<number | null>(null);
  const change = (index: number, part: Partial<HeaderRow>) => onChange(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  const listMessage = problemsAt(problems, path).find((problem) => problem.path === path)?.message;
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium">{field.label}</legend>
      {field.description && <p className="text-muted text-xs">{field.description}</p>}
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no ID and can be equal.
        <div key={index} className="flex items-start gap-1.5">
          <TextField
            label={`${field.label}: name of header ${index + 1}`}
            hideLabel
            mono
            placeholder="Name"
            className="flex-2"
            autoFocus={index === addedIndex}
            value={text(row.name)}
            onChange={(name) => change(index, { name })}
            errorMessage={messageAt(problems, `${path}[${index}].name`)}
          />
          <TextField
            label={`${field.label}: value of header ${index + 1}`}
            hideLabel
            mono
            placeholder="Value"
            className="flex-3"
            value={text(row.value)}
            onChange={(next) => change(index, { value: next })}
            errorMessage={messageAt(problems, `${path}[${index}].value`)}
          />
          <IconButton
            label={`Remove header ${text(row.name) || index + 1}`}
            className="-mr-1.5"
            onPress={() => onChange(rows.filter((_, at) => at !== index))}
          >
            <X aria-hidden />
          </IconButton>
        </div>
      ))}
      {listMessage && <p className="font-medium text-failing text-xs">{listMessage}</p>}
      <Button
        size="small"
        variant="secondary"
        className="self-start"
        icon={<Plus aria-hidden className="size-3.5" />}
        aria-label={`Add header to ${field.label}`}
        onPress={() => {
          setAddedIndex(rows.length);
          onChange([...rows, { name: "", value: "" }]);
        }}
      >
        Add header
      </Button>
    </fieldset>
  );
}
