import type { ApiView } from "@/lib/management/contract/apis";

/** One step from a new API to a protected, deployed one. */
export interface NextStep {
  id: "protect" | "deploy" | "try";
  title: string;
  /** Why, in one sentence. */
  reason: string;
  isDone: boolean;
  /** Whether its action is offered now. Several can be: trying an open API before protecting it is fine. */
  isOffered: boolean;
}

type State = Pick<ApiView, "draftProtection" | "undeployedChanges" | "activeDeployment">;

/**
 * Returns the next steps for an API's state. Empty once every request needs a token and the draft is deployed; the
 * clients section then offers Try it.
 */
export function nextSteps(api: State): NextStep[] {
  const isProtected = api.draftProtection === "guarded" || api.draftProtection === "scoped";
  if (isProtected && !api.undeployedChanges) return [];
  return [
    {
      id: "protect",
      title: "Require a token",
      reason:
        api.draftProtection === "partly-open"
          ? "Some requests pass without a token. Add OAuth2 to a flow that matches all of them."
          : "Add OAuth2 to a flow's request phase.",
      isDone: isProtected,
      isOffered: !isProtected,
    },
    {
      id: "deploy",
      title: "Deploy draft",
      reason: api.activeDeployment
        ? "Review and deploy it in the bar above. Until then, the previous deployment serves."
        : "Review and deploy it in the bar above. Until then, clients get 404.",
      isDone: !api.undeployedChanges,
      isOffered: api.undeployedChanges,
    },
    {
      id: "try",
      title: "Try a request",
      reason: "See the response with and without a token.",
      isDone: false,
      isOffered: api.activeDeployment !== null,
    },
  ];
}
