import { type Page } from "@playwright/test";

import { FIRST, register } from "./board";
import { day } from "./days";
import { expect, test } from "./fixtures";

async function fillTask(page: Page, title: string, due: string, who: RegExp): Promise<void> {
  await page.getByLabel("Tittel").fill(title);
  const people = page.getByLabel("Ansvarlig");
  const choice = await people.locator("option").filter({ hasText: who }).first().getAttribute("value");
  await people.selectOption(choice);
  await page.getByLabel("Frist").fill(due);
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
}

test("a task is given to NAV from the card, is done in one press, and can be opened again", async ({ as, board, page }) => {
  await register(page, board.track, { name: "Oppgave Prøvestad", phase: FIRST, navOffice: "Nav Prøveby øst" });
  await board.open();
  await board.menuButton("Oppgave Prøvestad").click();
  await page.getByRole("menuitem", { name: "Ny oppgave" }).click();
  const title = `Finn praksisplass ${board.track}`;
  await fillTask(page, title, day(0), /^Nav-kontakt Prøve/);
  await expect(page).toHaveURL(new RegExp(`/tracks/${board.track}\\?done=task$`));
  await expect(board.card("Oppgave Prøvestad")).toContainText("Finn praksisplass");

  const nav = await as("nav");
  await nav.goto("/tasks");
  await nav.getByRole("region", { name: "I dag" }).getByRole("button", { name: `Marker «${title}» som utført` }).click();
  await expect(nav.getByRole("status")).toHaveText("Oppgaven er utført");
  const done = nav.getByRole("region", { name: "Utført siste døgn" });
  await done.getByRole("button", { name: `Åpne «${title}» igjen` }).click();
  await expect(nav.getByRole("region", { name: "I dag" })).toContainText(title);
});

test("a task made on the record shows as overdue in words, and is changed", async ({ page, track }) => {
  const path = await register(page, track, { name: "Oppgave Prøvestad" });
  await page.goto(path);
  await page.getByText("Ny oppgave", { exact: true }).click();
  await fillTask(page, "Send vedtak", day(-3), /^Inn-kontakt Prøve/);
  await expect(page.getByText("3 dager over fristen")).toBeVisible();
  await page.getByRole("link", { name: "Send vedtak" }).click();
  await fillTask(page, "Send nytt vedtak", day(2), /^Inn-kontakt Prøve/);
  await expect(page).toHaveURL(new RegExp(`${path}\\?done=task-changed`));
  await expect(page.getByRole("link", { name: "Send nytt vedtak" })).toBeVisible();
  await expect(page.getByText("over fristen")).toHaveCount(0);
});

test("an empty task form says all that is missing", async ({ page, track }) => {
  await page.goto(await register(page, track, { name: "Oppgave Prøvestad" }));
  await page.getByText("Ny oppgave", { exact: true }).click();
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
  await expect(page.locator(".ds-error-summary li")).toHaveText([/^Tittel/, /^Frist/]);
});
