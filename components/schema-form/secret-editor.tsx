import { SecretArea } from "@/components/ui/secret-area";
import { SecretField } from "@/components/ui/secret-field";
import type { EditorProps } from "./editor-props";
import { messageAt } from "./values";

/** Said where a stored secret cannot be kept. */
export const SECRET_MOVED =
  "Enter it again: it would go to another address, in another form, or to a server with another certificate authority.";

/** A write-only value; blank keeps what is stored. */
export function SecretEditor({ field, path, value, onChange, problems, storedSecrets, options }: EditorProps<"secret">) {
  const errorMessage = messageAt(problems, path);
  // An error says the same, and more.
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
