import { readDeploymentGateways } from "@/components/data/gateways";
import { notify } from "@/components/ui/notify";
import { liveWords } from "./live-words";

/** How often the gateways are looked at, and for how long one may take before it is said to lag. */
const LOOK_MS = 1_000;
const PATIENCE_MS = 20_000;

/**
 * Says that a deployment is live, and then on how many gateways, until it is live on all of them or one has lagged for too
 * long. It stops when the note is closed. `description` stands in the note where nothing more urgent does.
 */
export async function announceLive(apiId: string, number: number, description?: string): Promise<void> {
  let isClosed = false;
  const options = {
    id: `live-${apiId}-${number}`,
    onDismiss: () => {
      isClosed = true;
    },
  };
  const said = description === undefined ? options : { ...options, description };
  notify.done(`Deployment ${number} is live`, said);
  const startedAt = Date.now();
  for (;;) {
    const view = await readDeploymentGateways(apiId, number).catch(() => null);
    // Nothing is known of the gateways when they cannot be asked; that it is live stands.
    if (isClosed || view === null) return;
    const { title, isEverywhere, lagging } = liveWords(number, view);
    const isReplaced = view.gateways.some((gateway) => (gateway.number ?? 0) > number);
    if (isEverywhere || isReplaced) {
      if (view.of > 1) notify.done(isReplaced ? `Deployment ${number} is live` : title, said);
      return;
    }
    if (Date.now() - startedAt > PATIENCE_MS) {
      notify.failed(title, { ...options, description: `Not on ${lagging}. Gateways says how each of them is.` });
      return;
    }
    notify.waiting(title, { ...options, description: `Waiting for ${lagging}.` });
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
