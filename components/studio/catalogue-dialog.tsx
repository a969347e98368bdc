"use client";

import { useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { cx } from "@/components/ui/cx";
import { Dialog } from "@/components/ui/dialog";
import { SearchField } from "@/components/ui/search-field";
import { registry } from "@/lib/gateway/schemas";
import { type Offer, shelvesFor } from "./catalogue";
import { PolicyMark } from "./policy-mark";
import { useStudio, useStudioActions } from "./studio-context";

/** Offers the policies to add at one position of a phase. */
export function CatalogueDialog() {
  const { catalogue } = useStudio();
  const { openCatalogue } = useStudioActions();
  return (
    <Dialog
      isOpen={catalogue !== null}
      onOpenChange={(isOpen) => !isOpen && openCatalogue(null)}
      title="Add policy"
      {...(catalogue && { description: `At position ${catalogue.index + 1} of the ${catalogue.lane.phase}.` })}
    >
      <Catalogue />
    </Dialog>
  );
}

function Catalogue() {
  const { catalogue } = useStudio();
  const { addPolicy } = useStudioActions();
  const [search, setSearch] = useState("");
  if (!catalogue) return null;
  const shelves = shelvesFor(registry.policies, catalogue.lane.phase, search);
  return (
    <div className="flex flex-col gap-4">
      <SearchField label="Search policies" value={search} onChange={setSearch} autoFocus />
      {shelves.length === 0 && <p className="text-muted">No policies match.</p>}
      {shelves.map(({ category, title, offers }) => (
        <section key={category} aria-label={title} className="flex flex-col gap-1">
          <h3 className="text-muted text-xs">{title}</h3>
          <ul className="-mx-2 flex flex-col">
            {offers.map((offer) => (
              <li key={offer.policy.id}>
                <OfferButton offer={offer} onAdd={() => addPolicy(catalogue, offer.policy.id)} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function OfferButton({ offer: { policy, unavailable }, onAdd }: { offer: Offer; onAdd: () => void }) {
  return (
    <AriaButton
      isDisabled={unavailable !== undefined}
      onPress={onAdd}
      className={cx(
        "flex w-full cursor-default items-start gap-3 rounded-control px-2 py-2 text-left outline-offset-[-2px] transition-colors",
        unavailable === undefined && "hover:bg-sunken",
      )}
    >
      <PolicyMark policyId={policy.id} tone={unavailable ? "hollow" : "neutral"} className="mt-0.5" />
      <span className="min-w-0">
        <span className={cx("block font-medium", unavailable && "text-muted")}>{policy.title}</span>
        <span className="block text-muted">{policy.summary}</span>
        {unavailable && <span className="block font-medium text-xs">{unavailable}</span>}
      </span>
    </AriaButton>
  );
}
