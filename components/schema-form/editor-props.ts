import type { Problem } from "@/lib/definition/problems";
import type { Field, FieldKind } from "./fields";

/** Choices and callbacks from outside the schema. */
export interface SchemaFormOptions {
  /** The resources of this API. */
  resources?: readonly { name: string; type: string; title?: string }[];
  /** The Gatewright authorization servers. */
  servers?: readonly { id: string; name: string }[];
  /** Scopes to suggest. */
  scopes?: readonly string[];
  /** Paths of stored secrets that the user must enter again, because their target changed. */
  movedSecrets?: readonly string[];
  /** Opens the dialog that adds a resource. */
  onAddResource?: () => void;
}

/** The props of every field editor, a controlled component. */
export interface EditorProps<K extends FieldKind> {
  field: Field<K>;
  /** The field's path in the definition. */
  path: string;
  /** Its value or default. */
  value: unknown;
  /** Undefined removes the field. */
  onChange: (value: unknown) => void;
  problems: readonly Problem[];
  storedSecrets: readonly string[];
  options: SchemaFormOptions;
}
