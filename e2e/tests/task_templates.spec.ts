import { type Page } from "@playwright/test";

import { FIRST, register } from "./board";
import { expect, test } from "./fixtures";

/** Makes a template with this name. */
async function makeTemplate(page: Page, name: string): Promise<void> {
  await page.goto("/task-templates");
  const summary = page.locator("summary", { hasText: "Ny mal" });
  if (!(await page.getByLabel("Navn", { exact: true }).isVisible())) await summary.click();
  await page.getByLabel("Navn", { exact: true }).fill(name);
  await page.getByLabel("Tittel").fill("Forbered oppstart");
  await page.getByLabel("Ansvarlig").selectOption("Kontakt i Nav");
  await page.getByLabel("Frist, i arbeidsdager").fill("5");
  await page.getByLabel("Sjekkliste", { exact: true }).fill("Ring bedriften\nSkriv til NAV");
  await page.getByRole("button", { name: "Lagre mal" }).click();
  await expect(page.getByRole("status")).toHaveText("Malen er lagret");
}

/** Goes from the record to a new task that a template has filled in. */
async function useTemplate(page: Page, track: string, name: string): Promise<void> {
  const record = await register(page, track, {
    name: "Mal Prøvestad",
    phase: FIRST,
    navContact: "Nav-kontakt Prøve",
    navOffice: "Nav Prøveby øst",
  });
  await page.goto(record);
  await page.getByText("Ny oppgave", { exact: true }).click();
  await page.getByRole("link", { name: "Bruk en mal" }).click();
  await page.getByLabel("Fyll ut fra en mal").selectOption(name);
  await page.getByRole("button", { name: "Fyll ut" }).click();
  await expect(page).toHaveURL(/\?template=/);
  await expect(page.getByLabel("Tittel")).toHaveValue("Forbered oppstart");
  await expect(page.getByLabel("Sjekkliste", { exact: true })).toHaveValue("Ring bedriften\nSkriv til NAV");
  await expect(page.getByLabel("Frist")).toHaveValue(/^\d{4}-\d{2}-\d{2}$/);
  await expect(page.getByLabel("Ansvarlig").locator("option:checked")).toContainText("Nav-kontakt Prøve");
}

test("a template is made, fills in a task, is changed and removed", async ({ page, track }) => {
  const name = `Oppstart ${track}`;
  await page.goto("/tasks");
  await page.getByRole("link", { name: "Oppgavemaler for enheten" }).click();
  await makeTemplate(page, name);
  await useTemplate(page, track, name);
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
  await expect(page.locator(".task-row")).toContainText("Sjekkliste: 0 av 2");

  await page.goto("/task-templates");
  await page.getByRole("link", { name }).click();
  await page.getByLabel("Frist, i arbeidsdager").fill("0");
  await page.getByRole("button", { name: "Lagre mal" }).click();
  await expect(page.locator(".ds-error-summary li")).toHaveText([/^Frist, i arbeidsdager/]);
  await page.getByLabel("Frist, i arbeidsdager").fill("10");
  await page.getByRole("button", { name: "Lagre mal" }).click();
  await expect(page.getByRole("status")).toHaveText("Malen er endret");
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Fjern malen" }).click();
  await expect(page.getByRole("status")).toHaveText("Malen er fjernet");
  await expect(page.getByRole("link", { name })).toHaveCount(0);
});

test("by keyboard alone: a template is chosen and fills in the form", async ({ page, track }) => {
  const name = `Tastatur ${track}`;
  await makeTemplate(page, name);
  await page.goto(`${await register(page, track, { name: "Mal Prøvestad" })}/tasks/new`);
  await page.getByLabel("Fyll ut fra en mal").focus();
  await page.keyboard.type(name);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Fyll ut" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Tittel")).toHaveValue("Forbered oppstart");
});

test("without a script a template is made and fills in a task", async ({ as, track }) => {
  const page = await as("inn", { javaScriptEnabled: false });
  const name = `Uten ${track}`;
  await makeTemplate(page, name);
  await useTemplate(page, track, name);
});
