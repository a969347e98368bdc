import type { Problem } from "@/lib/definition/problems";
import type { Field, FieldKind } from "./fields";

/** What stands around the schema and can be chosen from. */
export interface SchemaFormOptions {
  /** The resources of this API. */
  resources?: readonly { name: string; type: string; title?: string }[];
  /** Gatewright's own authorization servers. */
  servers?: readonly { id: string; name: string }[];
  /** Scopes worth suggesting. */
  scopes?: readonly string[];
  /** Paths of stored secrets that have to be typed again, because the address that receives them moved. */
  movedSecrets?: readonly string[];
  /** Opens what adds a resource; offered beside resource fields. */
  onAddResource?: () => void;
}

/** What every editor of a field gets. It is controlled wholly from outside. */
export interface EditorProps<K extends FieldKind> {
  field: Field<K>;
  /** The field's path in the definition. */
  path: string;
  /** Its value, or its default while it is absent. */
  value: unknown;
  /** Undefined takes the field away. */
  onChange: (value: unknown) => void;
  problems: readonly Problem[];
  storedSecrets: readonly string[];
  options: SchemaFormOptions;
}
