import type { ReactNode } from "react";
import type { Field } from "./fields";

/** Groups an object's fields under its label. */
export function ObjectEditor({ field, children }: { field: Field<"object">; children: ReactNode }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-4 border-line border-l pl-4">
      <legend className="font-semibold">{field.label}</legend>
      {field.description && <p className="text-muted text-xs">{field.description}</p>}
      {children}
    </fieldset>
  );
}
