"use client";

import { CatalogueDialog } from "./catalogue-dialog";
import { FlowsPane } from "./flows-pane";
import { FormPane } from "./form-pane";
import { LanesPane } from "./lanes-pane";
import { ResourceWishDialog } from "./resource-wish-dialog";
import { StudioProvider } from "./studio-context";

/** The Policy Studio: flows, lanes of the selected flow, and the form of the selected step. */
export function StudioPage() {
  return (
    <StudioProvider>
      <div className="fill-viewport flex min-w-0 grow flex-col lg:fill-column xl:flex-row">
        <FlowsPane />
        <LanesPane />
        <FormPane />
      </div>
      <CatalogueDialog />
      <ResourceWishDialog />
    </StudioProvider>
  );
}
