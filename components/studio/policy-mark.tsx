import {
  ArrowLeftRight,
  Box,
  Clock,
  FileText,
  Filter,
  Gauge,
  KeyRound,
  type LucideIcon,
  RefreshCcw,
  Route,
  Shield,
  UserRound,
} from "lucide-react";
import { cx } from "@/components/ui/cx";
import type { PolicyDescriptor, PolicyIcon } from "@/lib/definition/registry";
import { registry } from "@/lib/gateway/schemas";

const marks: Record<PolicyIcon, LucideIcon> = {
  key: KeyRound,
  arrows: ArrowLeftRight,
  shield: Shield,
  gauge: Gauge,
  filter: Filter,
  route: Route,
  exchange: RefreshCcw,
  person: UserRound,
  document: FileText,
  clock: Clock,
};
const categoryMarks: Record<PolicyDescriptor["category"], LucideIcon> = {
  security: Shield,
  traffic: Gauge,
  transformation: ArrowLeftRight,
};

/** Returns a step's policy; undefined if this build doesn't have it. */
export const policyOf = (id: string): PolicyDescriptor | undefined => registry.policies.find((policy) => policy.id === id);

export type MarkTone = "neutral" | "guarded" | "scoped" | "failing" | "hollow";

const tones: Record<MarkTone, string> = {
  neutral: "bg-sunken text-muted",
  guarded: "bg-guarded-soft text-guarded",
  scoped: "bg-scoped-soft text-scoped",
  failing: "bg-failing-soft text-failing",
  hollow: "text-muted ring-1 ring-line-strong/60 ring-inset",
};

/** A policy's icon in the color of the step's protection. */
export function PolicyMark({ policyId, tone = "neutral", className }: { policyId: string; tone?: MarkTone; className?: string }) {
  const policy = policyOf(policyId);
  const Icon = policy === undefined ? Box : policy.icon === undefined ? categoryMarks[policy.category] : marks[policy.icon];
  return (
    <span aria-hidden className={cx("grid size-6 shrink-0 place-items-center rounded-sm", tones[tone], className)}>
      <Icon className="size-3.5" strokeWidth={2} />
    </span>
  );
}
