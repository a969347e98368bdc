"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { call, messageOf } from "@/components/data/client";
import { policiesKey } from "@/components/data/server-rules";
import { notify } from "@/components/ui/notify";
import type { AccessPolicyView, AccessRuleView } from "@/lib/management/contract/authorization";
import { moved } from "./order";

/**
 * Moves policies and rules optimistically, then reloads from the server. `announcement` describes the last move for a live region.
 */
export function usePolicyMoves(serverId: string) {
  const client = useQueryClient();
  const [announcement, setAnnouncement] = useState("");
  // Moves run one at a time: positions are relative to the stored order, and parallel requests can arrive out of order.
  const last = useRef<Promise<void>>(Promise.resolve());
  const queryKey = policiesKey(serverId);

  async function send(write: () => Promise<unknown>, name: string) {
    try {
      await write();
    } catch (error) {
      notify.failed(`${name} wasn't moved`, { description: messageOf(error) });
    }
  }

  async function move(
    change: (policies: AccessPolicyView[]) => AccessPolicyView[],
    write: () => Promise<unknown>,
    place: number,
    name: string,
  ) {
    void client.cancelQueries({ queryKey });
    client.setQueryData<AccessPolicyView[]>(queryKey, (policies) => policies && change(policies));
    setAnnouncement(`${name} moved to position ${place}.`);
    const mine = last.current.then(() => send(write, name));
    last.current = mine;
    await mine;
    if (last.current === mine) await client.invalidateQueries({ queryKey });
  }

  function movePolicy(policy: AccessPolicyView, by: -1 | 1) {
    const policies = client.getQueryData<AccessPolicyView[]>(queryKey) ?? [];
    const from = policies.findIndex(({ id }) => id === policy.id);
    const place = from + by + 1;
    const write = () => call("updatePolicy", { params: { id: serverId, policyId: policy.id }, body: { priority: place } });
    return move((all) => moved(all, from, from + by), write, place, policy.name);
  }

  function moveRule(policy: AccessPolicyView, rule: AccessRuleView, by: -1 | 1) {
    const from = policy.rules.findIndex(({ id }) => id === rule.id);
    const change = (all: AccessPolicyView[]) =>
      all.map((one) => (one.id === policy.id ? { ...one, rules: moved(one.rules, from, from + by) } : one));
    const place = from + by + 1;
    const write = () => call("updateRule", { params: { id: serverId, policyId: policy.id, ruleId: rule.id }, body: { priority: place } });
    return move(change, write, place, rule.name);
  }

  return { movePolicy, moveRule, announcement };
}
