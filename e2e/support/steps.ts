import { expect, type Page } from "@playwright/test";

/** Creates an API with the form and waits for its overview. Returns its ID. */
export async function createApi(page: Page, url: string, api: { name: string; backend: string | "sample" }): Promise<string> {
  await page.goto(`${url}/apis/new`);
  await page.getByLabel("Name", { exact: true }).fill(api.name);
  if (api.backend === "sample") await page.getByRole("button", { name: "Use the sample backend" }).click();
  else await page.getByLabel("Backend URL").fill(api.backend);
  await page.getByRole("button", { name: "Create API" }).click();
  await page.waitForURL(/\/apis\/api_[a-z0-9]+$/);
  await expect(page.getByRole("heading", { name: api.name, level: 1 })).toBeVisible();
  return page.url().split("/").at(-1) ?? "";
}

/** Goes to a tab of the API that is shown. */
export async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "API", exact: true }).getByRole("link", { name, exact: true }).click();
}

/** Deploys with the bar and the dialog, and waits until the console shows it as live. */
export async function deploy(page: Page, number: number, label = ""): Promise<void> {
  await page.getByRole("button", { name: "Review and deploy" }).click();
  const dialog = page.getByRole("dialog", { name: "Deploy draft" });
  if (label) await dialog.getByLabel("Label").fill(label);
  await dialog.getByRole("button", { name: "Deploy draft" }).click();
  await expect(page.getByText(`Deployment ${number} is live`)).toBeVisible();
  await expect(dialog).toBeHidden();
}

/** Saves the draft and waits until the bar shows undeployed changes. */
export async function saveDraft(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save draft" }).click();
  // The button is disabled while it saves, too.
  await expect(page.getByText(/\d+ unsaved change/)).toBeHidden();
  await expect(page.getByRole("button", { name: "Review and deploy" })).toBeVisible();
}

/** Sends a request to a gateway without a browser. */
export async function callApi(url: string, token?: string) {
  const response = await fetch(url, { headers: { Accept: "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) } });
  const text = await response.text();
  return {
    status: response.status,
    challenge: response.headers.get("www-authenticate") ?? "",
    body: JSON.parse(text) as Record<string, unknown>,
  };
}
