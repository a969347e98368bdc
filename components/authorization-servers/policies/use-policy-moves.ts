"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { call, messageOf } from "@/components/data/client";
import { policiesKey } from "@/components/data/server-rules";
import { notify } from "@/components/ui/notify";
import type { AccessPolicyView, AccessRuleView } from "@/lib/management/contract/authorization";
import { moved } from "./order";

/**
 * Moves policies and rules: in view at once, then on the server; what the server has is read again either way.
 * `announcement` says the last move in words, for a live region.
 */
export function usePolicyMoves(serverId: string) {
  const client = useQueryClient();
  const [announcement, setAnnouncement] = useState("");
  // One after the other: two moves at once could arrive in the other order, and a place counts from what is there.
  const last = useRef<Promise<void>>(Promise.resolve());
  const queryKey = policiesKey(serverId);

  async function send(write: () => Promise<unknown>, name: string) {
    try {
      await write();
    } catch (error) {
      notify.failed(`${name} was not moved`, { description: messageOf(error) });
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
    setAnnouncement(`${name} is at place ${place}.`);
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
