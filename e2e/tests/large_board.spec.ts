import type { Page } from "@playwright/test";

import { Board, FIRST, SECOND, awake, register } from "./board";
import { expect, test } from "./fixtures";
import { Mouse } from "./mouse";

/** More than a page brings at once. */
const NAMES = Array.from({ length: 15 }, (_, place) => `Prøve ${String(place + 1).padStart(2, "0")}`);
const AT_ONCE = NAMES.slice(0, 10);

test.beforeEach(async ({ page, track }) => {
  for (const name of NAMES) await register(page, track, { name, phase: FIRST });
});

/** Holds back the cards that come later, until they are let come. */
async function holdRest(page: Page): Promise<() => void> {
  let letCome = () => {};
  const isFree = new Promise<void>((free) => (letCome = free));
  await page.route(/\?all=1/, async (route) => {
    await isFree;
    await route.continue();
  });
  return letCome;
}

test("a large board can be worked with before all its cards have come, and then they come by themselves", async ({
  as,
  board,
  page,
}) => {
  const letCome = await holdRest(page);
  await board.open();
  await board.expectNames(FIRST, AT_ONCE);
  await expect(board.phase(FIRST).locator("header .count")).toHaveText("15");
  const mouse = new Mouse(page);
  await mouse.lift(board.card("Prøve 01"));
  await mouse.carryOver(board.card("Prøve 02"), 0.9);
  await mouse.drop();
  await board.expectMoved("Prøve 01", FIRST);
  await board.link("Prøve 10").press(" ");
  await board.link("Prøve 10").press("ArrowRight");
  await board.link("Prøve 10").press("Enter");
  await board.expectMoved("Prøve 10", SECOND);

  letCome();
  const rest = ["Prøve 02", "Prøve 01", ...NAMES.slice(2, 9), ...NAMES.slice(10)];
  await board.expectOrder(FIRST, rest);
  await board.expectOrder(SECOND, ["Prøve 10"]);
  await expect(board.link("Prøve 10"), "the keyboard stays where it was").toBeFocused();
  const other = await as("leder");
  await other.goto(`/tracks/${board.track}?all=1`);
  const names = other.getByRole("region", { name: FIRST, exact: true }).locator(".card > .name");
  await expect(names, "as in the database").toHaveText(rest);
});

test("a card that others move before it has come stands in its new place", async ({ as, board, page }) => {
  const letCome = await holdRest(page);
  await board.open();
  await board.expectNames(FIRST, AT_ONCE);
  const other = new Board(await as("leder"), board.track);
  await other.open();
  for (const name of ["Prøve 14", "Prøve 03"]) await other.moveByMenu(name, SECOND);
  letCome();
  await board.expectOrder(SECOND, ["Prøve 14", "Prøve 03"]);
  await board.expectOrder(FIRST, NAMES.filter((name) => !["Prøve 14", "Prøve 03"].includes(name)));
});

test("cards that could not be fetched are asked for again, and a link leads to them meanwhile", async ({
  board,
  expectComplaint,
  page,
}) => {
  expectComplaint(/net::ERR_FAILED/);
  await page.route(/\?all=1/, (route) => route.abort(), { times: 1 });
  await board.open();
  const link = board.phase(FIRST).getByRole("link", { name: "Vis flere" });
  await expect(link).toBeVisible();
  await expect(page.locator(".line-state")).toHaveText(/^Frakoblet/);
  await board.expectOrder(FIRST, NAMES);
  await expect(link).toHaveCount(0);
  await expect(page.locator(".line-state")).toHaveText("");
});

test("without a script, a link leads to all cards", async ({ as, track }) => {
  const page = await as("inn", { javaScriptEnabled: false });
  await page.goto(`/tracks/${track}`);
  const first = page.getByRole("region", { name: FIRST, exact: true });
  await expect(first.locator(".card > .name")).toHaveText(AT_ONCE);
  await first.getByRole("link", { name: "Vis flere" }).click();
  await expect(first.locator(".card > .name")).toHaveText(NAMES);
  await expect(page.getByRole("link", { name: "Vis flere" })).toHaveCount(0);
});

test("a record leads to its card, however far down it stands", async ({ board, page, track }) => {
  const record = await register(page, track, { name: "Ada Nederst", phase: FIRST });
  await page.goto(record);
  await page.getByRole("link", { name: /^Vis på / }).click();
  await awake(page);
  await expect(board.card("Ada Nederst")).toBeInViewport();
});
