import { BooleanEditor } from "./boolean-editor";
import type { EditorProps } from "./editor-props";
import { EnumEditor } from "./enum-editor";
import { EnumListEditor } from "./enum-list-editor";
import type { Field, FieldKind } from "./fields";
import { HeaderListEditor } from "./header-list-editor";
import { NumberEditor } from "./number-editor";
import { ResourceEditor } from "./resource-editor";
import { SecretEditor } from "./secret-editor";
import { ServerEditor } from "./server-editor";
import { StringListEditor } from "./string-list-editor";
import { TextEditor } from "./text-editor";

/** Every kind except objects, which contain fields. */
type LeafKind = Exclude<FieldKind, "object">;

/** Returns a field's editor by kind. */
function editorOf(field: Field<LeafKind>, rest: Omit<EditorProps<LeafKind>, "field">) {
  switch (field.kind) {
    case "text":
      return <TextEditor field={field} {...rest} />;
    case "number":
      return <NumberEditor field={field} {...rest} />;
    case "boolean":
      return <BooleanEditor field={field} {...rest} />;
    case "enum":
      return <EnumEditor field={field} {...rest} />;
    case "enum-list":
      return <EnumListEditor field={field} {...rest} />;
    case "string-list":
    case "scopes":
      return <StringListEditor field={field} {...rest} />;
    case "header-list":
      return <HeaderListEditor field={field} {...rest} />;
    case "resource":
      return <ResourceEditor field={field} {...rest} />;
    case "server":
      return <ServerEditor field={field} {...rest} />;
    case "secret":
      return <SecretEditor field={field} {...rest} />;
  }
}

/** Renders one field in an element that `focusField` finds by path. */
export function FieldEditor({ field, ...rest }: EditorProps<LeafKind>) {
  return (
    <div data-field-path={rest.path} className="min-w-0 scroll-my-20">
      {editorOf(field, rest)}
    </div>
  );
}
