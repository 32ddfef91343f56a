import { type Page } from "@playwright/test";

import { register } from "./board";
import { day } from "./days";
import { expect, test } from "./fixtures";

/** A task with a checklist, for whoever looks at the page. */
async function giveTask(page: Page, track: string, items: string[]): Promise<string> {
  const record = await register(page, track, { name: "Sjekkliste Prøvestad", navOffice: "Nav Prøveby øst" });
  await page.goto(`${record}/tasks/new`);
  await page.getByLabel("Tittel").fill("Finn praksisplass");
  await page.getByLabel("Frist").fill(day(30));
  await page.getByText("Sjekkliste og gjentakelse").click();
  await page.getByLabel("Sjekkliste", { exact: true }).fill(items.join("\n"));
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Oppgaven er lagret");
  return record;
}

test("items are ticked one by one in one press, two people lose nothing, and the timeline tells it", async ({ as, page, track }) => {
  const record = await giveTask(page, track, ["Ring", "Skriv brev", "Møt opp"]);
  const row = page.locator(".task-row");
  await expect(row).toContainText("Sjekkliste: 0 av 3");
  // Both have opened the page before either ticks.
  const nav = await as("nav");
  await nav.goto(record);
  await page.getByRole("button", { name: "Kryss av «Ring»" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Punktet er krysset av");
  await nav.getByRole("button", { name: "Kryss av «Møt opp»" }).click();
  await expect(nav.locator(".task-row")).toContainText("Sjekkliste: 2 av 3");
  await page.reload();
  await expect(row).toContainText("Sjekkliste: 2 av 3");
  await page.getByRole("button", { name: "Fjern krysset fra «Ring»" }).click();
  await expect(row).toContainText("Sjekkliste: 1 av 3");
  await expect(page.getByText("Krysset av «Møt opp» i oppgaven «Finn praksisplass»")).toBeVisible();
  // Ticking everything does not do the task; folded, the list still says how far it is.
  for (const item of ["Ring", "Skriv brev"]) {
    await page.getByRole("button", { name: `Kryss av «${item}»` }).click();
    await expect(page.getByRole("status").first()).toHaveText("Punktet er krysset av");
  }
  await expect(row).toContainText("Sjekkliste: 3 av 3");
  await expect(page.getByRole("button", { name: "Marker «Finn praksisplass» som utført" })).toBeVisible();
});

test("by keyboard alone: an item is ticked and the focus is still on it", async ({ page, track }) => {
  await giveTask(page, track, ["Ring", "Skriv brev"]);
  await page.getByRole("button", { name: "Kryss av «Skriv brev»" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").first()).toHaveText("Punktet er krysset av");
  await expect(page.getByRole("button", { name: "Fjern krysset fra «Skriv brev»" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("button", { name: "Kryss av «Ring»" })).toBeFocused();
});

test("without a script items are ticked, and a changed list keeps its ticks", async ({ as, page: owner, track }) => {
  const record = await giveTask(owner, track, ["Ring", "Skriv brev"]);
  const page = await as("inn", { javaScriptEnabled: false });
  await page.goto(record);
  await page.getByRole("button", { name: "Kryss av «Ring»" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Punktet er krysset av");
  await page.getByRole("link", { name: "Finn praksisplass" }).click();
  await expect(page.getByLabel("Sjekkliste", { exact: true })).toHaveValue("Ring\nSkriv brev");
  await page.getByLabel("Sjekkliste", { exact: true }).fill("Møt opp\nRing");
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
  await expect(page.locator(".task-row")).toContainText("Sjekkliste: 1 av 2");
  await expect(page.getByRole("button", { name: "Fjern krysset fra «Ring»" })).toBeVisible();
});

test("a checklist that is too long is told beside the field, and stays as it was typed", async ({ page, track }) => {
  await giveTask(page, track, ["Ring"]);
  await page.getByRole("link", { name: "Finn praksisplass" }).click();
  const items = Array.from({ length: 31 }, (_, place) => `Punkt ${place}`).join("\n");
  await page.getByLabel("Sjekkliste", { exact: true }).fill(items);
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
  await expect(page.locator(".ds-error-summary li")).toHaveText(["Sjekkliste: Bruk høyst 30 linjer"]);
  await expect(page.getByLabel("Sjekkliste", { exact: true })).toHaveValue(items);
});
