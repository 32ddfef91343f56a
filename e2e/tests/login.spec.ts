import { type Page } from "@playwright/test";

import { expect, test } from "./fixtures";
import { PASSWORD } from "./samlop";

async function logIn(page: Page, password = PASSWORD, email = "leder@example.no"): Promise<void> {
  await page.getByLabel("E-post").fill(email);
  await page.getByLabel("Passord").fill(password);
  await page.getByRole("button", { name: "Logg inn" }).click();
}

test("whoever opens a page without login logs in and comes to that page", async ({ as }) => {
  const page = await as("nobody");
  await page.goto("/tasks");
  await expect(page).toHaveURL(/\/login\?next=%2Ftasks$/);
  await logIn(page);
  await expect(page.getByRole("heading", { level: 1, name: "Mine oppgaver" })).toBeVisible();
});

test("a wrong password is told plainly, the address stays, and no other site is led to", async ({ as }) => {
  const page = await as("nobody");
  await page.goto("/login?next=//evil.example/x");
  await logIn(page, "feil passord her");
  await expect(page.getByRole("alert")).toContainText("Feil e-post eller passord");
  await expect(page.getByLabel("E-post")).toHaveValue("leder@example.no");
  await expect(page.getByLabel("Passord")).toHaveValue("");
  await logIn(page);
  await expect(page.getByRole("heading", { level: 1, name: "Løp" })).toBeVisible();
});

test("logging out ends the session here, logging out everywhere ends all", async ({ as, samlop }) => {
  const email = "ut-og-inn@example.no";
  await samlop.createUser({ email, name: "Ut og Inn", role: "inn-adviser", organisation: "INN Prøveby" });
  const [here, there, elsewhere] = [await as("nobody"), await as("nobody"), await as("nobody")];
  for (const page of [here, there, elsewhere]) {
    await page.goto("/login");
    await logIn(page, PASSWORD, email);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Løp");
  }
  const cookie = (await here.context().cookies()).find((cookie) => cookie.name === "samlop_session")!;
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  await here.getByRole("button", { name: "Logg ut" }).click();
  await expect(here).toHaveURL(/\/login$/);
  // The token itself is worth nothing any more, not only gone from the browser.
  const again = await fetch(`${samlop.url}/tracks`, { headers: { Cookie: `samlop_session=${cookie.value}` }, redirect: "manual" });
  expect(again.status).toBe(303);
  await there.goto("/account");
  await expect(there.getByText("Du er logget inn i 2 nettlesere.")).toBeVisible();
  await there.getByRole("button", { name: "Logg ut overalt" }).click();
  await expect(there).toHaveURL(/\/login$/);
  await elsewhere.goto("/tasks");
  await expect(elsewhere).toHaveURL(/\/login\?next=%2Ftasks$/);
});

test("an administrator comes to mail delivery and sees no participant", async ({ as }) => {
  const page = await as("admin");
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "E-postlevering" })).toBeVisible();
  await expect(page.locator("a[href='/tracks']")).toHaveCount(0);
  expect((await page.goto("/tracks/introlop"))!.status()).toBe(404);
});
