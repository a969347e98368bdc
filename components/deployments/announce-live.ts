import { readDeploymentGateways } from "@/components/data/gateways";
import { notify } from "@/components/ui/notify";
import { liveWords } from "./live-words";

/** Polling interval of the gateways, and the time after which one counts as lagging. */
const LOOK_MS = 1_000;
const PATIENCE_MS = 20_000;

/**
 * Notifies that a deployment is live and on how many gateways, until it's live on all, one lags too long, or the user
 * closes the notification. `description` shows unless a more urgent text replaces it.
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
    // Without gateway data, keep the first notification.
    if (isClosed || view === null) return;
    const { title, isEverywhere, lagging } = liveWords(number, view);
    const isReplaced = view.gateways.some((gateway) => (gateway.number ?? 0) > number);
    if (isEverywhere || isReplaced) {
      if (view.of > 1) notify.done(isReplaced ? `Deployment ${number} is live` : title, said);
      return;
    }
    if (Date.now() - startedAt > PATIENCE_MS) {
      notify.failed(title, { ...options, description: `Not on ${lagging}. Check the Gateways page.` });
      return;
    }
    notify.waiting(title, { ...options, description: `Waiting for ${lagging}.` });
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
