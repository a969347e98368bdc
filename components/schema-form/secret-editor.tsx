import { SecretField } from "@/components/ui/secret-field";
import type { EditorProps } from "./editor-props";
import { messageAt } from "./values";

/** A write-only value; blank keeps what is stored. */
export function SecretEditor({ field, path, value, onChange, problems, storedSecrets }: EditorProps<"secret">) {
  return (
    <SecretField
      label={field.label}
      description={field.description}
      placeholder={field.placeholder}
      isOptional={field.isOptional}
      isStored={storedSecrets.includes(path)}
      errorMessage={messageAt(problems, path)}
      value={typeof value === "string" ? value : undefined}
      onChange={onChange}
    />
  );
}
