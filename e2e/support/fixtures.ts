import { type APIRequestContext, test as base, type Page } from "@playwright/test";
import { startGatewright } from "../../lib/testing/start-gatewright";

const EMAIL = "ann@example.com";
const PASSWORD = "correct horse battery staple";
const TOKEN = "end-to-end-management-token";

/** The product as a user starts it, and the credentials to get in. */
export interface Running {
  url: string;
  email: string;
  password: string;
  token: string;
}

/** The management API with a management token, to prepare what a journey is not about. */
export interface Management {
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: T; etag: string }>;
}

function managementOf(request: APIRequestContext, running: Running): Management {
  return {
    async call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await request.fetch(`${running.url}/api/v1${path}`, {
        method,
        headers: { Authorization: `Bearer ${running.token}`, "Content-Type": "application/json", ...headers },
        ...(body === undefined ? {} : { data: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status(), body: (text ? JSON.parse(text) : undefined) as T, etag: response.headers().etag ?? "" };
    },
  };
}

/** Signs in through the form, as a person does. */
export async function signIn(page: Page, running: Running): Promise<void> {
  await page.goto(`${running.url}/sign-in`);
  await page.getByLabel("Email").fill(running.email);
  await page.getByLabel("Password", { exact: true }).fill(running.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${running.url}/apis`);
}

export const test = base.extend<{ management: Management; console: Page }, { running: Running }>({
  running: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the needed fixtures from this pattern, and this one needs none.
    async ({}, use) => {
      const started = await startGatewright({
        env: { GATEWRIGHT_ADMIN_EMAIL: EMAIL, GATEWRIGHT_ADMIN_PASSWORD: PASSWORD, GATEWRIGHT_ADMIN_TOKEN: TOKEN },
      });
      await use({ url: started.url, email: EMAIL, password: PASSWORD, token: TOKEN });
      await started.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  management: async ({ request, running }, use) => use(managementOf(request, running)),
  /** A page of someone who is signed in. */
  console: async ({ page, running }, use) => {
    await signIn(page, running);
    await use(page);
  },
});

export { expect } from "@playwright/test";
