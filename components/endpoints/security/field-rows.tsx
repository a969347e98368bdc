import { FieldList, type FieldListProps } from "@/components/schema-form/field-list";
import type { Field } from "@/components/schema-form/fields";
import { isVisible } from "@/components/schema-form/values";
import { cx } from "@/components/ui/cx";

interface FieldRowsProps extends FieldListProps {
  /** Keys of fields to show side by side. */
  pairs: readonly (readonly [string, string])[];
}

/** Stacks fields, with pairs side by side on wide screens. */
export function FieldRows({ fields, pairs, ...shared }: FieldRowsProps) {
  const rows: Field[][] = [];
  for (const field of fields.filter((candidate) => isVisible(candidate, fields, shared.value))) {
    const partner = pairs.find((pair) => pair.includes(field.key))?.find((key) => key !== field.key);
    const row = rows.find((candidate) => candidate.some(({ key }) => key === partner));
    if (row) row.push(field);
    else rows.push([field]);
  }
  return (
    <>
      {rows.map((row) => (
        <div key={row.map(({ key }) => key).join(" ")} className={cx("grid gap-x-4 gap-y-5", row.length > 1 && "sm:grid-cols-2")}>
          {row.map((field) => (
            <FieldList key={field.key} fields={[field]} {...shared} />
          ))}
        </div>
      ))}
    </>
  );
}
