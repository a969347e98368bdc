import { SecretArea } from "@/components/ui/secret-area";
import { SecretField } from "@/components/ui/secret-field";
import type { EditorProps } from "./editor-props";
import { messageAt } from "./values";

/** The message if a stored secret can't be reused. */
export const SECRET_MOVED = "Enter it again: its address, format, or certificate authority changed.";

/** Edits a write-only value; blank keeps the stored one. */
export function SecretEditor({ field, path, value, onChange, problems, storedSecrets, options }: EditorProps<"secret">) {
  const errorMessage = messageAt(problems, path);
  // An error message replaces this one.
  const hasMoved = errorMessage === undefined && !value && options.movedSecrets?.includes(path);
  const Field = field.isMultiline ? SecretArea : SecretField;
  return (
    <Field
      label={field.label}
      description={hasMoved ? SECRET_MOVED : field.description}
      placeholder={field.placeholder}
      isOptional={field.isOptional}
      isStored={storedSecrets.includes(path)}
      errorMessage={errorMessage}
      value={typeof value === "string" ? value : undefined}
      onChange={onChange}
    />
  );
}
