"use client";

import { useRef } from "react";
import { z } from "zod";
import { describeFields } from "@/components/schema-form/fields";
import { Select } from "@/components/ui/select";
import type { SecurityConfig } from "@/lib/definition/registry";
import { type EndpointSecurityType, endpointSecurityTypes } from "@/lib/gateway/endpoint-security/schema";
import { FieldRows } from "./field-rows";
import { OAuth2Fields } from "./oauth2-fields";
import type { SecurityFieldsProps } from "./security-fields-props";
import { isOAuth2, newSecurity, SECURITY_TYPES } from "./security-types";

const { type: _basic, ...basicShape } = endpointSecurityTypes.basic.shape;
const { type: _digest, ...digestShape } = endpointSecurityTypes.digest.shape;
const FIELDS = { basic: describeFields(z.object(basicShape)), digest: describeFields(z.object(digestShape)) };

/** Edits how the gateway authenticates to a backend. Switching types restores earlier input while the page is open. */
export function SecurityFields(props: SecurityFieldsProps) {
  const { security, onChange, path, problems, storedSecrets, movedSecrets } = props;
  const former = useRef(new Map<string, SecurityConfig>());
  function change(type: EndpointSecurityType) {
    former.current.set(security.type, security);
    onChange(former.current.get(type) ?? newSecurity(type, security));
  }
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <div data-field-path={`${path}.type`}>
        <Select
          label="Security"
          options={SECURITY_TYPES}
          value={SECURITY_TYPES.find(({ id }) => id === security.type)?.id ?? null}
          onChange={change}
          description={SECURITY_TYPES.find(({ id }) => id === security.type)?.description}
        />
      </div>
      {isOAuth2(security) && <OAuth2Fields {...props} security={security} />}
      {(security.type === "basic" || security.type === "digest") && (
        <FieldRows
          key={security.type}
          fields={FIELDS[security.type]}
          pairs={[["username", "password"]]}
          value={security}
          onChange={(value) => onChange({ ...value, type: security.type })}
          basePath={path}
          problems={problems}
          storedSecrets={storedSecrets}
          options={{ movedSecrets }}
        />
      )}
    </div>
  );
}
