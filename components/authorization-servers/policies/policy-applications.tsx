import { Link } from "@/components/ui/link";
import type { AccessPolicyView, ApplicationView } from "@/lib/management/contract/authorization";

/** Maximum applications to name; the rest are counted. */
const NAMED_MAX = 3;

interface PolicyApplicationsProps {
  policy: AccessPolicyView;
  /** Undefined until loaded. */
  applications: readonly ApplicationView[] | undefined;
}

/** Lists the applications that a policy applies to. */
export function PolicyApplications({ policy, applications }: PolicyApplicationsProps) {
  if (policy.applications.length === 0) return <>For every application of this server</>;
  const named = policy.applications.slice(0, NAMED_MAX);
  const more = policy.applications.length - named.length;
  return (
    <>
      For{" "}
      {named.map((id, index) => (
        <span key={id}>
          {index > 0 && ", "}
          <Link href={`/applications/${id}`} className="[overflow-wrap:anywhere]">
            {applications?.find((application) => application.id === id)?.name ?? id}
          </Link>
        </span>
      ))}
      {more > 0 && ` and ${more} more`}
    </>
  );
}
