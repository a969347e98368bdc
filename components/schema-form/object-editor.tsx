import type { EditorProps } from "./editor-props";
import { FieldList } from "./field-list";
import type { FormValue } from "./values";

function isFormValue(value: unknown): value is FormValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Fields that belong together, under one name. */
export function ObjectEditor({ field, path, value, onChange, ...shared }: EditorProps<"object">) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-4 border-line border-l pl-4">
      <legend className="font-semibold">{field.label}</legend>
      {field.description && <p className="text-muted text-xs">{field.description}</p>}
      <FieldList fields={field.fields} basePath={path} value={isFormValue(value) ? value : {}} onChange={onChange} {...shared} />
    </fieldset>
  );
}
