import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import type { EditorProps } from "./editor-props";
import { messageAt } from "./values";

/** Selects one of the API's resources that the policy supports. A missing one stays visible until changed. */
export function ResourceEditor({ field, path, value, onChange, problems, options }: EditorProps<"resource">) {
  const usable = (options.resources ?? []).filter((resource) => !field.resourceTypes || field.resourceTypes.includes(resource.type));
  const named = typeof value === "string" && value !== "" ? value : null;
  const isKnown = named === null || usable.some((resource) => resource.name === named);
  const choices = usable.map((resource) => ({
    id: resource.name,
    label: resource.name,
    ...(resource.title && { description: resource.title }),
  }));
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Select
        label={field.label}
        description={field.description}
        isOptional={field.isOptional}
        errorMessage={messageAt(problems, path)}
        placeholder="Select a resource"
        emptyState="No matching resources."
        options={isKnown || named === null ? choices : [...choices, { id: named, label: named, description: "Not a resource of this API" }]}
        value={named}
        onChange={onChange}
      />
      {usable.length === 0 && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-control bg-open-soft px-2.5 py-1.5">
          <p className="min-w-0 flex-1">The API has no resource that this policy supports.</p>
          {options.onAddResource && (
            <Button size="small" icon={<Plus aria-hidden className="size-3.5" />} onPress={options.onAddResource}>
              Add resource
            </Button>
          )}
        </div>
      )}
      {usable.length > 0 && options.onAddResource && (
        <Button
          size="small"
          variant="quiet"
          className="-ml-2 self-start text-muted"
          icon={<Plus aria-hidden className="size-3.5" />}
          onPress={options.onAddResource}
        >
          Add resource
        </Button>
      )}
    </div>
  );
}
