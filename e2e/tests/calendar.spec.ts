import { type Page } from "@playwright/test";

import { register, shownReference } from "./board";
import { day } from "./days";
import { expect, test } from "./fixtures";
import { PUBLIC_URL } from "./samlop";

const ADDRESS = /^http:\/\/samlop\.example\.no(\/calendar\/[0-9a-f]{64}\.ics)$/;

/** A task for whoever looks at the page, about somebody whose reference is given back. */
async function giveTask(page: Page, track: string, title: string, due: string): Promise<string> {
  await page.goto(`${await register(page, track, { name: "Kalender Prøvestad" })}/tasks/new`);
  await page.getByLabel("Tittel").fill(title);
  await page.getByLabel("Frist").fill(due);
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Oppgaven er lagret");
  return shownReference(page);
}

/** The path of the address that the page shows. */
async function shownPath(page: Page): Promise<string> {
  const field = page.getByLabel("Den nye adressen din");
  await expect(field).toHaveValue(ADDRESS);
  return ADDRESS.exec(await field.inputValue())![1];
}

test("an address is made, copied, read without a login, replaced and removed", async ({ as, page, samlop, track }) => {
  const due = day(40);
  const reference = await giveTask(page, track, `Ring ${track}`, due);
  await page.goto("/tasks");
  await page.getByRole("link", { name: /i Outlook eller en annen kalender/ }).click();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Lag adresse" }).click();
  await expect(page.getByRole("status")).toHaveText("Adressen er laget");
  const first = await shownPath(page);
  await page.getByRole("button", { name: "Kopier adressen" }).click();
  await expect(page.getByText("Adressen er kopiert")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(PUBLIC_URL + first);

  const program = await as("nobody");
  const calendar = await program.request.get(first);
  expect(calendar.headers()["content-type"]).toBe("text/calendar; charset=utf-8");
  const text = (await calendar.text()).replaceAll("\r\n ", "");
  expect(text).toContain(`SUMMARY:Oppgave ${reference}\r\n`);
  expect(text).toContain(`DTSTART;VALUE=DATE:${due.replaceAll("-", "")}`);
  expect(text).not.toMatch(/Ring|Prøvestad/);

  await page.goto("/account/calendar");
  await expect(page.getByLabel("Den nye adressen din")).toHaveCount(0);
  await expect(page.locator("main")).toContainText(/En kalender hentet oppgavene sist/);
  await page.getByRole("button", { name: "Lag ny adresse" }).click();
  const second = await shownPath(page);
  expect((await program.request.get(first)).status()).toBe(404);
  expect((await program.request.get(second)).status()).toBe(200);
  await page.getByRole("button", { name: "Fjern adressen" }).click();
  await expect(page.getByRole("status")).toContainText("Adressen er fjernet");
  expect((await program.request.get(second)).status()).toBe(404);
  await expect(page.getByRole("button", { name: "Lag adresse" })).toBeVisible();
  expect(samlop.log).not.toContain(second.slice("/calendar/".length, -".ics".length));
});

test("the link in the calendar leads to the task, after a login", async ({ as, page, track }) => {
  const reference = await giveTask(page, track, `Skriv ${track}`, day(40));
  await page.goto("/account/calendar");
  await page.getByRole("button", { name: /^Lag (ny )?adresse$/ }).click();
  const program = await as("nobody");
  const text = (await (await program.request.get(await shownPath(page))).text()).replaceAll("\r\n ", "");
  const event = text.split("BEGIN:VEVENT").find((event) => event.includes(`Oppgave ${reference}\r\n`))!;
  const link = /^URL:(\S+)/m.exec(event)![1].replace(PUBLIC_URL, "");
  await program.goto(link);
  await expect(program).toHaveURL(/\/login\?next=/);
  await page.goto(link);
  await expect(page.locator(".task-row")).toContainText(`Skriv ${track}`);
});

test("by keyboard alone: the address is made, is in a field that can be marked, and is copied", async ({ page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/account/calendar");
  await page.getByRole("button", { name: /^Lag (ny )?adresse$/ }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toHaveText("Adressen er laget");
  const path = await shownPath(page);
  await page.getByLabel("Den nye adressen din").focus();
  await expect(page.getByRole("button", { name: "Kopier adressen" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Kopier adressen" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Adressen er kopiert")).toBeVisible();
  await expect(page.getByRole("button", { name: "Kopier adressen" })).toBeFocused();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(PUBLIC_URL + path);
});

test("without a script the address stands in a field, and no button does nothing", async ({ as }) => {
  const page = await as("nav", { javaScriptEnabled: false });
  await page.goto("/account/calendar");
  await page.getByRole("button", { name: "Lag adresse" }).click();
  const path = await shownPath(page);
  await expect(page.getByRole("button", { name: "Kopier adressen" })).toHaveCount(0);
  expect((await page.request.get(path)).status()).toBe(200);
  await page.reload();
  await expect(page.getByLabel("Den nye adressen din")).toHaveCount(0);
  await page.getByRole("button", { name: "Fjern adressen" }).click();
  await expect(page.getByRole("status")).toContainText("Adressen er fjernet");
});
