import { type Locator, type Page } from "@playwright/test";

import { register } from "./board";
import { day } from "./days";
import { expect, test } from "./fixtures";

const FIXED_HOLIDAYS = ["01-01", "05-01", "05-17", "12-25", "12-26"];
const [FIRST, SECOND] = wednesdays();

/** A task that comes back every week, for whoever looks at the page. */
async function giveTask(page: Page, track: string, fill?: (page: Page) => Promise<void>): Promise<string> {
  const record = await register(page, track, { name: "Gjentatt Prøvestad" });
  await page.goto(`${record}/tasks/new`);
  await page.getByLabel("Tittel").fill("Ring deltakeren");
  await page.getByLabel("Frist").fill(FIRST);
  await page.getByText("Sjekkliste og gjentakelse").click();
  await page.getByLabel("Gjentakelse").selectOption("Gjentas hver uke");
  await fill?.(page);
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Oppgaven er lagret");
  return record;
}

const open = (page: Page): Locator => page.locator(".task-row:not([data-done])");
const done = (page: Page): Locator => page.locator(".task-row[data-done]");
const press = (page: Page) => page.getByRole("button", { name: "Marker «Ring deltakeren» som utført" });

test("a task that is done comes back a week later, is taken back with the one before, and is stopped", async ({ page, track }) => {
  await giveTask(page, track);
  await expect(open(page)).toContainText("Gjentas hver uke");
  await press(page).click();
  await expect(page.getByRole("status").first()).toContainText("Oppgaven er utført");
  await expect(done(page)).toHaveCount(1);
  await expect(open(page).locator("time")).toHaveAttribute("datetime", SECOND);

  await page.getByRole("button", { name: "Åpne «Ring deltakeren» igjen" }).click();
  await expect(done(page)).toHaveCount(0);
  await expect(open(page).locator("time")).toHaveAttribute("datetime", FIRST);

  await page.getByRole("link", { name: "Ring deltakeren" }).click();
  await expect(page.getByLabel("Gjentakelse")).toHaveValue("weeks-1");
  await page.getByLabel("Gjentakelse").selectOption("Gjentas ikke");
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
  await expect(open(page)).not.toContainText("Gjentas");
  await press(page).click();
  await expect(done(page)).toHaveCount(1);
  await expect(open(page)).toHaveCount(0);
});

test("by keyboard alone: a task comes back, and undoing takes the next one away", async ({ page, track }) => {
  await giveTask(page, track);
  await press(page).focus();
  await page.keyboard.press("Enter");
  await expect(open(page).locator("time")).toHaveAttribute("datetime", SECOND);
  const undo = page.getByRole("button", { name: "Angre" });
  await undo.focus();
  await page.keyboard.press("Enter");
  await expect(done(page)).toHaveCount(0);
  await expect(open(page).locator("time")).toHaveAttribute("datetime", FIRST);
});

test("without a script a row of two ends after the second", async ({ as, track }) => {
  const page = await as("inn", { javaScriptEnabled: false });
  await giveTask(page, track, (page) => page.getByLabel("Høyst antall ganger, med denne").fill("2"));
  await press(page).click();
  await expect(open(page).locator("time")).toHaveAttribute("datetime", SECOND);
  await press(page).click();
  await expect(done(page)).toHaveCount(2);
  await expect(open(page)).toHaveCount(0);
});

test("an end before the date is told beside the field", async ({ page, track }) => {
  await giveTask(page, track);
  await page.getByRole("link", { name: "Ring deltakeren" }).click();
  await page.getByLabel("Ikke etter").fill(day(-1));
  await page.getByLabel("Høyst antall ganger, med denne").fill("101");
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
  await expect(page.locator(".ds-error-summary li")).toHaveText([/^Ikke etter/]);
  await expect(page.getByLabel("Ikke etter")).toHaveValue(day(-1));
});

/** Two Wednesdays, one after the other, on which people work. Only holidays with a date of their own fall on a Wednesday. */
function wednesdays(): string[] {
  const toWednesday = (10 - new Date(day(0)).getUTCDay()) % 7;
  for (let week = 1; ; week += 1) {
    const days = [week, week + 1].map((week) => day(toWednesday + 7 * week));
    if (days.every((each) => !FIXED_HOLIDAYS.includes(each.slice(5)))) return days;
  }
}
