import { type Page } from "@playwright/test";

import { awake, register } from "./board";
import { day } from "./days";
import { expect, test } from "./fixtures";

const EAST = "Nav Prøveby øst";

/** Gives somebody a task, and leaves the record open. */
async function giveTask(page: Page, record: string, title: string, who: RegExp): Promise<void> {
  await page.goto(`${record}/tasks/new`);
  await page.getByLabel("Tittel").fill(title);
  const people = page.getByLabel("Ansvarlig");
  const choice = await people.locator("option").filter({ hasText: who }).first().getAttribute("value");
  await people.selectOption(choice);
  await page.getByLabel("Frist").fill(day(0));
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
}

/** Marks a task as done, and waits for the notice. */
async function finish(page: Page, title: string): Promise<void> {
  await page.getByRole("button", { name: `Marker «${title}» som utført` }).click();
  await expect(page.getByRole("status")).toHaveText("Oppgaven er utført");
}

const undo = (page: Page) => page.getByRole("button", { name: "Angre", exact: true });
const open = (page: Page, title: string) => page.getByRole("button", { name: `Marker «${title}» som utført` });

test("a task that was done by mistake is open again in one press, on the list and on the record", async ({ page, track }) => {
  const record = await register(page, track, { name: "Angre Prøvestad" });
  const title = `Ring ${track}`;
  await giveTask(page, record, title, /^Inn-kontakt/);
  for (const path of [record, "/tasks"]) {
    await page.goto(path);
    await finish(page, title);
    await undo(page).click();
    await expect(page.getByRole("status")).toHaveText(/^Det er angret\./);
    await expect(open(page, title)).toBeVisible();
    await expect(undo(page)).toHaveCount(0);
  }
});

test("Ctrl+Z opens the task again, but not while something is typed", async ({ page, track }) => {
  const record = await register(page, track, { name: "Angre Prøvestad" });
  await giveTask(page, record, "Ring", /^Inn-kontakt/);
  await page.goto(record);
  await finish(page, "Ring");
  await awake(page);
  await page.getByLabel("Nytt notat").fill("Hei på deg");
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("status")).toHaveText("Oppgaven er utført");
  await undo(page).focus();
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("status")).toHaveText(/^Det er angret\./);
  await expect(open(page, "Ring")).toBeVisible();
});

test("a task that somebody else has opened since stays as it is, and the page says who", async ({ as, page, track }) => {
  const record = await register(page, track, { name: "Angre Prøvestad", navOffice: EAST });
  await giveTask(page, record, "Ring", /^Inn-kontakt/);
  await page.goto(record);
  await finish(page, "Ring");
  const nav = await as("nav");
  await nav.goto(record);
  await nav.getByRole("button", { name: "Åpne «Ring» igjen" }).click();
  await expect(nav.getByRole("status")).toBeVisible();
  await undo(page).click();
  await expect(page.getByRole("alert")).toContainText("Kan ikke angres");
  await expect(page.getByRole("alert")).toContainText(/Ring \(Nav-kontakt Prøve, .* kl\./);
  await expect(undo(page)).toHaveCount(0);
});

test("a note that was deleted comes back with its text, and is told of again", async ({ as, page, track }) => {
  const record = await register(page, track, {
    name: "Angre Prøvestad",
    navOffice: EAST,
    navContact: "Nav-kontakt Prøve",
  });
  await page.goto(record);
  const text = `Slettet ved en feil ${track}`;
  await page.getByLabel("Nytt notat").fill(text);
  await page.getByRole("button", { name: "Lagre notat" }).click();
  await page.locator(".entry.note", { hasText: text }).getByRole("button", { name: "Slett notatet" }).click();
  await expect(page.getByRole("status")).toContainText("Notatet er slettet");
  await expect(page.locator(".timeline")).not.toContainText(text);
  await undo(page).click();
  await expect(page.getByRole("status")).toHaveText(/^Notatet er hentet tilbake\. Nye varsler: \d\.$/);
  await expect(page.locator(".timeline")).toContainText(text);
  await expect(page.locator(".timeline")).toContainText("Hentet tilbake et slettet notat.");
  const nav = await as("nav");
  await nav.goto(record);
  await expect(nav.locator(".timeline")).toContainText(text);
});

test.describe("without a script", () => {
  test("tasks, notes and moves are taken back by a plain form", async ({ as, track, page }) => {
    const record = await register(page, track, { name: "Angre Prøvestad" });
    await giveTask(page, record, "Ring", /^Inn-kontakt/);
    const plain = await as("inn", { javaScriptEnabled: false });
    await plain.goto(record);
    await finish(plain, "Ring");
    await undo(plain).click();
    await expect(open(plain, "Ring")).toBeVisible();

    await plain.getByLabel("Nytt notat").fill("Slettet ved en feil");
    await plain.getByRole("button", { name: "Lagre notat" }).click();
    await plain.getByRole("button", { name: "Slett notatet" }).click();
    await undo(plain).click();
    await expect(plain.locator(".timeline")).toContainText("Slettet ved en feil");

    await plain.goto(`/tracks/${track}`);
    await plain.getByRole("button", { name: "Flytt Angre Prøvestad" }).click();
    await plain.getByRole("button", { name: "Flytt til Kompetansekartlegging" }).click();
    await undo(plain).click();
    await plain.goto(`/tracks/${track}`);
    await expect(plain.getByRole("region", { name: "Bosetting" })).toContainText("Angre Prøvestad");
  });
});
