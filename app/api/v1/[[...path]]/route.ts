import { managementResponse } from "@/lib/management/http/management-api";

export {
  managementResponse as DELETE,
  managementResponse as GET,
  managementResponse as HEAD,
  managementResponse as OPTIONS,
  managementResponse as PATCH,
  managementResponse as POST,
  managementResponse as PUT,
};
