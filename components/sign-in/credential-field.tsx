import { TriangleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Input, type InputProps } from "react-aria-components";
import { cx } from "@/components/ui/cx";
import { controlStyle, fieldStyle } from "@/components/ui/field";

interface CredentialFieldProps extends Omit<InputProps, "className" | "defaultValue" | "style" | "render"> {
  label: string;
  errorMessage: string | undefined;
  trailing?: ReactNode;
}

/**
 * An uncontrolled field: hydration must not clear what a user or password manager entered before it.
 */
export function CredentialField({ label, errorMessage, trailing, ...input }: CredentialFieldProps) {
  const id = useId();
  const errorId = `${id}-error`;
  return (
    <div className={fieldStyle}>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="relative flex">
        <Input
          {...input}
          id={id}
          aria-invalid={errorMessage ? true : undefined}
          aria-describedby={errorMessage ? errorId : undefined}
          className={cx(controlStyle, Boolean(trailing) && "pr-10", Boolean(errorMessage) && "border-failing")}
        />
        {trailing && <div className="absolute inset-y-0 right-1 flex items-center">{trailing}</div>}
      </div>
      {errorMessage && (
        <p id={errorId} className="flex gap-1.5 font-medium text-failing text-xs">
          <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {errorMessage}
        </p>
      )}
    </div>
  );
}
