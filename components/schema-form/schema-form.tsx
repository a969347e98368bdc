"use client";

import { useMemo } from "react";
import type { z } from "zod";
import { Banner } from "@/components/ui/banner";
import type { Problem } from "@/lib/definition/problems";
import type { SchemaFormOptions } from "./editor-props";
import { FieldList } from "./field-list";
import { describeFields } from "./fields";
import { type FormValue, isVisible, strayProblems } from "./values";

export interface SchemaFormProps {
  /** A policy's or resource's schema. */
  schema: z.ZodObject;
  /** The configuration. Preserves unknown keys. */
  value: FormValue;
  onChange: (value: FormValue) => void;
  /** All problems of the definition; the form shows those below its path. */
  problems?: readonly Problem[];
  /** The path in the definition: `flows[0].request[1].config`. */
  basePath: string;
  /** Paths of stored secrets. */
  storedSecrets?: readonly string[];
  options?: SchemaFormOptions;
}

const NONE: readonly never[] = [];
const NO_OPTIONS: SchemaFormOptions = {};

/** A form generated from a zod schema. Controlled: shows `value` and reports every change. */
export function SchemaForm({
  schema,
  value,
  onChange,
  problems = NONE,
  basePath,
  storedSecrets = NONE,
  options = NO_OPTIONS,
}: SchemaFormProps) {
  const fields = useMemo(() => describeFields(schema), [schema]);
  const strays = strayProblems(
    problems,
    basePath,
    fields.filter((field) => isVisible(field, fields, value)),
  );
  return (
    <div className="flex min-w-0 flex-col gap-5">
      {strays.length > 0 && (
        <Banner meaning="failing" isAlert>
          <ul className="flex flex-col gap-1">
            {strays.map((problem) => (
              <li key={`${problem.path} ${problem.message}`}>
                {problem.path !== basePath && <code>{problem.path.slice(basePath.length).replace(/^\./, "")}: </code>}
                {problem.message}
              </li>
            ))}
          </ul>
        </Banner>
      )}
      {fields.length === 0 ? (
        <p className="text-muted">No settings.</p>
      ) : (
        <FieldList
          fields={fields}
          value={value}
          onChange={onChange}
          basePath={basePath}
          problems={problems}
          storedSecrets={storedSecrets}
          options={options}
        />
      )}
    </div>
  );
}
