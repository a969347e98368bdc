import { Select } from "@/components/ui/select";
import type { EditorProps } from "./editor-props";
import { messageAt } from "./values";

/** Selects a Gatewright authorization server by ID. */
export function ServerEditor({ field, path, value, onChange, problems, options }: EditorProps<"server">) {
  const servers = options.servers ?? [];
  const named = typeof value === "string" && value !== "" ? value : null;
  const isKnown = named === null || servers.some((server) => server.id === named);
  const choices = servers.map((server) => ({ id: server.id, label: server.name, description: server.id }));
  return (
    <Select
      label={field.label}
      description={field.description}
      isOptional={field.isOptional}
      errorMessage={messageAt(problems, path)}
      placeholder="Select an authorization server"
      options={isKnown || named === null ? choices : [...choices, { id: named, label: named }]}
      value={named}
      onChange={onChange}
    />
  );
}
