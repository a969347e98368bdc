"use client";

import { z } from "zod";
import { AdvancedFields } from "@/components/schema-form/advanced-fields";
import { FieldList } from "@/components/schema-form/field-list";
import { describeFields, type Field } from "@/components/schema-form/fields";
import { fieldPath, isChanged, problemsAt } from "@/components/schema-form/values";
import { Banner } from "@/components/ui/banner";
import { RadioGroup } from "@/components/ui/radio-group";
import { endpointSecurityTypes, type OAuth2Security } from "@/lib/gateway/endpoint-security/schema";
import { FieldRows } from "./field-rows";
import { ParameterList } from "./parameter-list";
import type { SecurityFieldsProps } from "./security-fields-props";

const GRANTS = [
  { id: "clientCredentials", label: "Client credentials", description: "The gateway authenticates as its own client." },
  { id: "password", label: "Resource owner password", description: "The gateway authenticates as a resource owner." },
] as const;

const { type: _type, grantType: _grant, parameters: _parameters, ...plainShape } = endpointSecurityTypes.oauth2.shape;

// The password grant shows the username and password, which it requires.
const FIELDS: Field[] = describeFields(z.object(plainShape)).map((field) =>
  field.key === "username" || field.key === "password" ? { ...field, isOptional: false } : field,
);
const MAIN = FIELDS.filter(({ isAdvanced }) => !isAdvanced);
const ADVANCED = FIELDS.filter(({ isAdvanced }) => isAdvanced);

const PAIRS = [
  ["clientId", "clientSecret"],
  ["username", "password"],
] as const;

/** Edits how the gateway gets a token from the backend's authorization server. */
export function OAuth2Fields({ security, onChange, path, problems, storedSecrets, movedSecrets }: SecurityFieldsProps<OAuth2Security>) {
  const shared = {
    value: security,
    onChange: (value: Record<string, unknown>) => onChange({ ...value, type: "oauth2" }),
    basePath: path,
    problems,
    storedSecrets,
    options: { movedSecrets },
  };
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <div data-field-path={`${path}.grantType`}>
        <RadioGroup
          label="Grant"
          options={GRANTS}
          value={security.grantType}
          onChange={(grantType) => onChange({ ...security, grantType })}
        />
      </div>
      {security.grantType === "password" && (
        <Banner meaning="open" title="For legacy backends only">
          This grant requires a user's password. RFC 9700 forbids it for new systems: use client credentials if the backend supports them.
        </Banner>
      )}
      <FieldRows fields={MAIN} pairs={PAIRS} {...shared} />
      <ParameterList
        parameters={security.parameters}
        onChange={(parameters) => onChange({ ...security, parameters })}
        path={`${path}.parameters`}
        problems={problems}
        storedSecrets={storedSecrets}
        movedSecrets={movedSecrets}
      />
      <AdvancedFields
        label="Advanced token settings"
        hasError={ADVANCED.some(({ key }) => problemsAt(problems, fieldPath(path, key)).length > 0)}
        isChanged={ADVANCED.some((field) => isChanged(field, security))}
      >
        <FieldList fields={ADVANCED.map((field) => ({ ...field, isAdvanced: false }))} {...shared} />
      </AdvancedFields>
    </div>
  );
}
