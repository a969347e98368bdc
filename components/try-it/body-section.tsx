"use client";

import { ComboBox } from "@/components/ui/combo-box";
import { TextArea } from "@/components/ui/text-area";
import { Part } from "./part";
import { hasBody, type RequestInput } from "./request-input";

const contentTypes = ["application/json", "application/x-www-form-urlencoded", "text/plain", "application/xml"].map((type) => ({
  id: type,
  label: type,
}));

function isInvalidJson(input: RequestInput): boolean {
  if (!/[/+]json\b/i.test(input.contentType) || input.body.trim() === "") return false;
  try {
    JSON.parse(input.body);
    return false;
  } catch {
    return true;
  }
}

interface BodySectionProps {
  input: RequestInput;
  onChange: (changes: Partial<RequestInput>) => void;
  bodyProblem: string | undefined;
  contentTypeProblem: string | undefined;
}

/** Edits the request body, for methods that have one. */
export function BodySection({ input, onChange, bodyProblem, contentTypeProblem }: BodySectionProps) {
  if (!hasBody(input.method)) return null;
  const typed = input.headers.find((row) => row.name.trim().toLowerCase() === "content-type");
  return (
    <Part title="Body">
      <ComboBox
        label="Content type"
        mono
        options={contentTypes}
        value={typed ? typed.value : input.contentType}
        onChange={(contentType) => onChange({ contentType })}
        isDisabled={Boolean(typed)}
        description={typed ? "Set by a header below." : undefined}
        errorMessage={contentTypeProblem}
      />
      <TextArea
        label="Body"
        hideLabel
        mono
        rows={8}
        value={input.body}
        onChange={(body) => onChange({ body })}
        description={isInvalidJson(input) ? "Invalid JSON. It's sent unchanged." : undefined}
        errorMessage={bodyProblem}
      />
    </Part>
  );
}
