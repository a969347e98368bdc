import type { Problem } from "@/lib/definition/problems";
import { AdvancedFields } from "./advanced-fields";
import type { SchemaFormOptions } from "./editor-props";
import { FieldEditor } from "./field-editor";
import type { Field } from "./fields";
import { ObjectEditor } from "./object-editor";
import { effectiveValue, type FormValue, fieldPath, isChanged, isFormValue, isVisible, problemsAt, withField } from "./values";

export interface FieldListProps {
  fields: readonly Field[];
  value: FormValue;
  onChange: (value: FormValue) => void;
  basePath: string;
  problems: readonly Problem[];
  storedSecrets: readonly string[];
  options: SchemaFormOptions;
}

/** Renders an object's fields, the advanced ones collapsed at the end. */
export function FieldList({ fields, value, onChange, basePath, ...shared }: FieldListProps) {
  const visible = fields.filter((field) => isVisible(field, fields, value));
  const advanced = visible.filter((field) => field.isAdvanced);
  const editor = (field: Field) => {
    const path = fieldPath(basePath, field.key);
    const now = effectiveValue(field, value);
    const change = (next: unknown) => onChange(withField(field, value, next));
    if (field.kind !== "object") return <FieldEditor key={field.key} field={field} path={path} value={now} onChange={change} {...shared} />;
    return (
      <ObjectEditor key={field.key} field={field}>
        <FieldList fields={field.fields} basePath={path} value={isFormValue(now) ? now : {}} onChange={change} {...shared} />
      </ObjectEditor>
    );
  };
  return (
    <div className="flex min-w-0 flex-col gap-5">
      {visible.filter((field) => !field.isAdvanced).map(editor)}
      {advanced.length > 0 && (
        <AdvancedFields
          key={basePath}
          hasError={advanced.some((field) => problemsAt(shared.problems, fieldPath(basePath, field.key)).length > 0)}
          isChanged={advanced.some((field) => isChanged(field, value))}
        >
          {advanced.map(editor)}
        </AdvancedFields>
      )}
    </div>
  );
}
