import { type Page } from "@playwright/test";

import { Board, CLOSING, FIRST, SECOND, THIRD } from "./board";
import { Finger, PHONE } from "./finger";
import { expect, test as base } from "./fixtures";
import { middleOf, movesAsked } from "./mouse";

const test = base.extend<{ finger: Finger }>({
  page: async ({ as }, use) => use(await as("inn", PHONE)),
  finger: async ({ page }, use) => use(await Finger.on(page)),
});

const scrolled = (page: Page) =>
  page.evaluate(() => ({ down: Math.round(scrollY), aside: Math.round(document.querySelector("#board")!.scrollLeft) }));

/** Holds a finger with a card at the board's edge until a phase is there. */
async function carryAside(finger: Finger, board: Board, phase: string): Promise<void> {
  const there = (timeout: number) => expect(board.phase(phase)).toBeInViewport({ ratio: 0.6, timeout });
  // On a busy machine the board has scrolled past the phase before the finger is back from the edge.
  await expect(async () => {
    const { x } = await middleOf(board.phase(phase));
    await finger.moveTo(x > 195 ? 382 : 8, 300);
    await there(3000);
    await finger.moveTo(200, 300, 3);
    await there(500);
  }).toPass();
}

test("a finger that holds lifts the card, and carries it to another column", async ({ board, finger, samlop }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  await finger.lift(board.card("Ada En"));
  await carryAside(finger, board, SECOND);
  await finger.moveOver(board.phase(SECOND));
  await finger.up();
  await board.expectMoved("Ada En", SECOND);
  await board.expectOrder(FIRST, ["Bo To"]);
  await board.expectKept(samlop, SECOND, ["Ada En"]);
});

test("a card can be dropped between two others", async ({ board, finger, samlop }) => {
  await board.fill(FIRST, "Ada En", "Bo To", "Cai Tre");
  await finger.lift(board.card("Cai Tre"));
  await finger.moveOver(board.card("Bo To"), 0.2);
  await finger.up();
  await board.expectMoved("Cai Tre", FIRST);
  await board.expectKept(samlop, FIRST, ["Ada En", "Cai Tre", "Bo To"]);
});

test("a quick swipe upwards scrolls the page and moves nothing", async ({ board, finger, page }) => {
  const names = ["Ada En", "Bo To", "Cai Tre", "Dag Fire", "Eva Fem", "Finn Seks", "Gro Sju", "Hans Åtte", "Ida Ni", "Jon Ti"];
  await board.fill(FIRST, ...names);
  const asked = movesAsked(page);
  await finger.down(board.card("Eva Fem"));
  await finger.moveTo(180, 60);
  await finger.up();
  await expect.poll(() => scrolled(page)).toMatchObject({ down: expect.any(Number) });
  await expect.poll(async () => (await scrolled(page)).down).toBeGreaterThan(100);
  await expect(page.locator(".ghost")).toHaveCount(0);
  await board.expectOrder(FIRST, names);
  expect(asked).toEqual([]);
});

test("a quick swipe sideways goes to the next column and moves nothing", async ({ board, finger, page }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  const asked = movesAsked(page);
  await finger.down(board.card("Ada En"));
  await finger.moveTo(30, 260);
  await finger.up();
  await expect.poll(async () => (await scrolled(page)).aside).toBeGreaterThan(100);
  await expect(page.locator(".ghost")).toHaveCount(0);
  await board.expectOrder(FIRST, ["Ada En", "Bo To"]);
  expect(asked).toEqual([]);
});

test("while a card is carried, the page does not scroll under the finger", async ({ board, finger, page }) => {
  await board.fill(FIRST, "Ada En", "Bo To", "Cai Tre", "Dag Fire", "Eva Fem", "Finn Seks", "Gro Sju", "Hans Åtte");
  await finger.lift(board.card("Cai Tre"));
  const before = await scrolled(page);
  await finger.moveOver(board.card("Ada En"), 0.3);
  expect(await scrolled(page)).toEqual(before);
  await finger.up();
  await board.expectMoved("Cai Tre", FIRST);
  await expect(board.phase(FIRST).locator(".card > .name").first()).toHaveText("Cai Tre");
});

test("a tap on the name opens the record", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En");
  await board.link("Ada En").tap();
  await expect(page.getByRole("heading", { level: 1, name: "Ada En" })).toBeVisible();
});

test("holding and letting go without moving neither moves the card nor opens the record", async ({ board, finger, page }) => {
  await board.fill(FIRST, "Ada En");
  const asked = movesAsked(page);
  await finger.lift(board.link("Ada En"));
  await finger.up();
  await expect(page.locator(".ghost")).toHaveCount(0);
  await board.expectOrder(FIRST, ["Ada En"]);
  await expect(page).toHaveURL(new RegExp(`/tracks/${board.track}$`));
  expect(asked).toEqual([]);
});

test("an interrupted touch puts the card back", async ({ board, finger, page }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  const asked = movesAsked(page);
  await finger.lift(board.card("Ada En"));
  await finger.moveOver(board.card("Bo To"), 0.8);
  await finger.isInterrupted();
  await expect(page.locator(".ghost")).toHaveCount(0);
  await board.expectOrder(FIRST, ["Ada En", "Bo To"]);
  expect(asked).toEqual([]);
});

test("a drop above the columns puts the card back", async ({ board, finger, page }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  const asked = movesAsked(page);
  await finger.lift(board.card("Bo To"));
  await finger.moveOver(page.getByRole("heading", { level: 1 }));
  await finger.up();
  await board.expectOrder(FIRST, ["Ada En", "Bo To"]);
  expect(asked).toEqual([]);
});

test("the page scrolls downwards when a card comes near its lower edge", async ({ board, finger, samlop }) => {
  const names = ["Ada En", "Bo To", "Cai Tre", "Dag Fire", "Eva Fem", "Finn Seks", "Gro Sju", "Hans Åtte", "Ida Ni", "Jon Ti"];
  await board.fill(FIRST, ...names);
  await finger.lift(board.card("Ada En"));
  await finger.moveTo(180, 774);
  await expect(board.card("Jon Ti")).toBeInViewport({ ratio: 0.9 });
  await finger.moveOver(board.card("Jon Ti"), 0.8);
  await finger.up();
  await board.expectMoved("Ada En", FIRST);
  await board.expectKept(samlop, FIRST, [...names.slice(1), "Ada En"]);
});

test("the closing phase asks first, cancelling leaves the card, answering moves it", async ({ board, finger, samlop }) => {
  await board.fill("Oppfølging", "Ada En");
  await board.link("Ada En").scrollIntoViewIfNeeded();
  const drag = async () => {
    await finger.lift(board.card("Ada En"));
    await carryAside(finger, board, CLOSING);
    await finger.moveOver(board.phase(CLOSING));
    await finger.up();
    await expect(board.closingDialog).toBeVisible();
  };
  await drag();
  await board.closingDialog.getByRole("button", { name: "Avbryt" }).tap();
  await board.expectOrder("Oppfølging", ["Ada En"]);
  await board.link("Ada En").scrollIntoViewIfNeeded();
  await drag();
  await board.answerClosing("Har gått over i arbeid", "Arbeid, annet");
  await board.expectMoved("Ada En", CLOSING);
  await board.expectKept(samlop, CLOSING, ["Ada En"]);
});

test("a move that comes too late is refused and can be repeated with a tap", async ({ as, board, finger, page, samlop }) => {
  await board.cutOff();
  await board.fill(FIRST, "Ada En", "Bo To");
  const other = new Board(await as("leder"), board.track);
  await other.open();
  await other.moveByMenu("Ada En", THIRD);

  await finger.lift(board.card("Ada En"));
  await carryAside(finger, board, SECOND);
  await finger.moveOver(board.phase(SECOND));
  await finger.up();
  await expect(board.refusal).toContainText(/Leder Prøve flyttet kortet til Karriereveiledning/);
  await board.refusal.getByRole("button", { name: "Flytt likevel" }).tap();
  await board.expectMoved("Ada En", SECOND);
  await board.expectKept(samlop, SECOND, ["Ada En"]);
});
