import type { PolicyDescriptor } from "@/lib/definition/registry";
import { oauth2Descriptor } from "./oauth2/schema";
import { transformHeadersDescriptor } from "./transform-headers/schema";

/** Every policy, in the order in which the catalogue shows them. Safe for the browser. */
export const policyDescriptors: readonly PolicyDescriptor[] = [oauth2Descriptor, transformHeadersDescriptor];
