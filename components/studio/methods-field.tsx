import { Checkbox } from "@/components/ui/checkbox";
import { METHODS } from "@/lib/definition/schema";

type Method = (typeof METHODS)[number];

interface MethodsFieldProps {
  value: readonly Method[];
  onChange: (value: Method[]) => void;
  errorMessage?: string | undefined;
  /** What none and some mean; null where it goes without saying. */
  help?: { none: string; some: string } | null;
}

const MATCH_HELP = { none: "None ticked: the flow is for every method.", some: "The flow is for these methods only. GET includes HEAD." };

/** The methods of a match, each to tick. */
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
