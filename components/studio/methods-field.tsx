import { Checkbox } from "@/components/ui/checkbox";
import { METHODS } from "@/lib/definition/schema";

type Method = (typeof METHODS)[number];

interface MethodsFieldProps {
  value: readonly Method[];
  onChange: (value: Method[]) => void;
  errorMessage?: string | undefined;
  /** Explains an empty and a non-empty selection; null for no help. */
  help?: { none: string; some: string } | null;
}

const MATCH_HELP = { none: "None selected: matches all methods.", some: "Matches these methods only. GET includes HEAD." };

/** Checkboxes for the methods of a match. */
export function MethodsField({ value, onChange, errorMessage, help = MATCH_HELP }: MethodsFieldProps) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-1">
      <legend className="mb-1 font-medium">Methods</legend>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(96px,1fr))] gap-x-3 gap-y-1">
        {METHODS.map((method) => (
          <Checkbox
            key={method}
            label={method}
            mono
            isSelected={value.includes(method)}
            onChange={(isSelected) => onChange(METHODS.filter((other) => (other === method ? isSelected : value.includes(other))))}
          />
        ))}
      </div>
      {help && <p className="text-muted text-xs">{value.length === 0 ? help.none : help.some}</p>}
      {errorMessage && <p className="font-medium text-failing text-xs">{errorMessage}</p>}
    </fieldset>
  );
}
