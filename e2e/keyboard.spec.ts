import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";

/** Presses Tab until something with this name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
    });
    if (name.test(focused)) return;
  }
  throw new Error(`Tab never reached ${name}.`);
}

test("with the keyboard alone a policy is added, configured, moved, saved and deployed", async ({ console: page, running, management }) => {
  const created = await management.call<{ id: string }>("POST", "/apis", {
    name: "Keyboard",
    version: "1.0.0",
    contextPath: "/keyboard",
    endpoints: { production: { url: `${running.url}/samples/echo` } },
    resources: [{ name: "default-as", type: "oauth2-builtin", config: { server: "default" } }],
    flows: [{ name: "All", request: [{ policy: "oauth2", config: { resource: "default-as" } }] }],
  });
  const { id } = created.body;
  await page.goto(`${running.url}/apis/${id}/studio?flow=0`);
  await expect(page.getByRole("button", { name: "Add policy at position 2 of the request" })).toBeVisible();

  await tabTo(page, /^Add policy at position 2 of the request$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Add policy" })).toBeVisible();
  await tabTo(page, /^Transform headers/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Add policy" })).toBeHidden();
  await tabTo(page, /^Add header/);
  await page.keyboard.press("Enter");
  await page.keyboard.type("x-keyboard");
  await page.keyboard.press("Tab");
  await page.keyboard.type("yes");

  await tabTo(page, /^Actions for .*Transform headers/);
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  for (let presses = 0; presses < 10; presses += 1) {
    const item = await page.evaluate(() => document.activeElement?.textContent ?? "");
    if (/^Move left/.test(item)) break;
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");

  await page.keyboard.press("Control+s");
  // The button is also disabled while saving, so check the management API.
  const savedSteps = async () => {
    const saved = await management.call<{ flows: { request: { policy: string; config: unknown }[] }[] }>("GET", `/apis/${id}/definition`);
    return saved.body.flows[0]?.request;
  };
  await expect
    .poll(savedSteps)
    .toMatchObject([{ policy: "transform-headers", config: { set: [{ name: "x-keyboard", value: "yes" }] } }, { policy: "oauth2" }]);

  await tabTo(page, /^Review and deploy$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Deploy draft" })).toBeVisible();
  await tabTo(page, /^Deploy draft$/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Deployment 1 is live")).toBeVisible();
});
