import { type Page } from "@playwright/test";

import { Board, CLOSING, FIRST, SECOND, THIRD } from "./board";
import { expect, test } from "./fixtures";
import { movesAsked } from "./mouse";

/** Presses keys one after the other; the focus must never be lost on the way. */
async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
    expect(await page.evaluate(() => document.activeElement?.tagName), `after ${key}`).not.toBe("BODY");
  }
}

test("space lifts a card, arrows carry it, space drops it, and all of it is spoken", async ({ board, page, samlop }) => {
  await board.fill(SECOND, "Over Skissedal", "Under Skissedal");
  await board.fill(FIRST, "Ada En");
  await board.link("Ada En").focus();
  await press(page, "Space");
  await expect(board.spoken).toHaveText(/^Ada En er løftet\./);
  await press(page, "ArrowRight");
  await expect(board.spoken).toHaveText(`${SECOND}, plass 1 av 3`);
  await press(page, "ArrowDown");
  await expect(board.spoken).toHaveText(`${SECOND}, plass 2 av 3`);
  await press(page, "Space");
  await board.expectMoved("Ada En", SECOND);
  await expect(board.link("Ada En")).toBeFocused();
  await board.expectKept(samlop, SECOND, ["Over Skissedal", "Ada En", "Under Skissedal"]);
});

test("a card can go up, down, left and right, also into empty columns, and enter drops it", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En", "Bo To", "Cai Tre");
  await board.link("Cai Tre").focus();
  await press(page, "Space", "ArrowUp");
  await board.expectNames(FIRST, ["Ada En", "Cai Tre", "Bo To"]);
  await press(page, "ArrowUp");
  await expect(board.spoken).toHaveText(`${FIRST}, plass 1 av 3`);
  await press(page, "ArrowUp", "ArrowLeft");
  await board.expectNames(FIRST, ["Cai Tre", "Ada En", "Bo To"]);
  await press(page, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft");
  await board.expectNames(THIRD, ["Cai Tre"]);
  await press(page, "Enter");
  await board.expectMoved("Cai Tre", THIRD);
  await board.expectOrder(FIRST, ["Ada En", "Bo To"]);
  await board.expectOrder(THIRD, ["Cai Tre"]);
  await expect(page).toHaveURL(new RegExp(`/tracks/${board.track}$`));
});

test("escape puts the card back, says so, and asks nothing of the server", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En", "Bo To", "Cai Tre");
  const asked = movesAsked(page);
  await board.link("Bo To").focus();
  await press(page, "Space", "ArrowRight", "ArrowRight", "Escape");
  await expect(board.spoken).toHaveText(`Bo To er tilbake i ${FIRST}`);
  await board.expectOrder(FIRST, ["Ada En", "Bo To", "Cai Tre"]);
  await expect(board.link("Bo To")).toBeFocused();
  expect(asked).toEqual([]);
});

test("a card that is dropped where it was is back, and whoever goes on with tab has let go", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  const asked = movesAsked(page);
  await board.link("Ada En").focus();
  await press(page, "Space", "ArrowDown", "ArrowUp", "Space");
  await expect(board.spoken).toHaveText(`Ada En er tilbake i ${FIRST}`);
  await press(page, "Space", "ArrowRight", "Tab", "Tab");
  await board.expectOrder(FIRST, ["Ada En", "Bo To"]);
  expect(asked).toEqual([]);
});

test("a card is back where it was also beside one that was just moved there", async ({ board, page }) => {
  // Without the line, the page does not learn the rank that the server gave the moved card.
  await board.cutOff();
  await board.fill(FIRST, "Ada En", "Bo To", "Cai Tre");
  const asked = movesAsked(page);
  await board.link("Cai Tre").focus();
  await press(page, "Space", "ArrowUp", "Space");
  await board.expectMoved("Cai Tre", FIRST);
  for (const end of ["Space", "Escape"]) {
    await board.link("Ada En").focus();
    await press(page, "Space", "ArrowDown", end === "Space" ? "ArrowUp" : "ArrowDown", end);
    await expect(board.spoken).toHaveText(`Ada En er tilbake i ${FIRST}`);
    await board.expectOrder(FIRST, ["Ada En", "Cai Tre", "Bo To"]);
  }
  expect(asked.length).toBe(1);
});

test("a click elsewhere puts a lifted card back", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  await board.link("Ada En").focus();
  await press(page, "Space", "ArrowRight");
  await page.getByRole("heading", { level: 1 }).click();
  await expect(board.spoken).toHaveText(`Ada En er tilbake i ${FIRST}`);
  await board.expectOrder(FIRST, ["Ada En", "Bo To"]);
});

test("arrows go from card to card while none is lifted, and enter opens the record", async ({ board, page }) => {
  await board.fill(THIRD, "Dag Fire");
  await board.fill(FIRST, "Ada En", "Bo To");
  await board.link("Ada En").focus();
  await press(page, "ArrowDown");
  await expect(board.link("Bo To")).toBeFocused();
  await press(page, "ArrowRight");
  await expect(board.link("Dag Fire")).toBeFocused();
  await press(page, "ArrowLeft");
  await expect(board.link("Ada En")).toBeFocused();
  await press(page, "ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Bo To" })).toBeVisible();
});

test("in the closing phase the dialog takes the focus and gives it back", async ({ board, page, samlop }) => {
  await board.fill("Oppfølging", "Ada En", "Bo To");
  const asked = movesAsked(page);
  await board.link("Ada En").focus();
  await press(page, "Space", "ArrowRight", "Space");
  await expect(board.closingDialog).toBeVisible();
  expect(await board.closingDialog.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true);
  await press(page, "Escape");
  await expect(board.closingDialog).toBeHidden();
  await expect(board.link("Ada En")).toBeFocused();
  await board.expectOrder("Oppfølging", ["Ada En", "Bo To"]);
  expect(asked).toEqual([]);

  await press(page, "Space", "ArrowRight", "Space");
  await expect(board.closingDialog.getByRole("heading", { name: "Flytt Ada En til Avsluttet" })).toBeVisible();
  await board.closingDialog.getByLabel("Årsak", { exact: true }).focus();
  await press(page, "f", "Tab", "u", "Tab", "Tab");
  await expect(board.closingDialog.getByRole("button", { name: "Flytt", exact: true })).toBeFocused();
  await press(page, "Enter");
  await board.expectMoved("Ada En", CLOSING);
  await expect(board.link("Ada En")).toBeFocused();
  await board.expectKept(samlop, CLOSING, ["Ada En"]);
});

test("a refused move is told, and can be repeated by keyboard", async ({ as, board, page, samlop }) => {
  await board.cutOff();
  await board.fill(FIRST, "Ada En", "Bo To");
  const leader = new Board(await as("leder"), board.track);
  await leader.open();
  await leader.link("Ada En").focus();
  await press(leader.page, "Space", "ArrowRight", "ArrowRight", "Space");
  await leader.expectMoved("Ada En", THIRD);

  await board.link("Ada En").focus();
  await press(page, "Space", "ArrowRight", "Space");
  await expect(board.refusal).toContainText(/Leder Prøve flyttet kortet til Karriereveiledning/);
  await board.expectOrder(THIRD, ["Ada En"]);
  await expect(board.link("Ada En")).toBeFocused();
  await board.refusal.getByRole("button", { name: "Flytt likevel" }).focus();
  await page.keyboard.press("Enter");
  await board.expectMoved("Ada En", SECOND);
  await board.expectKept(samlop, SECOND, ["Ada En"]);
});

test("while the server has not answered, the card can't be taken up again", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En");
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/api/board/move-card", async (route) => {
    await held;
    await route.continue();
  });
  const asked = movesAsked(page);
  await board.link("Ada En").focus();
  await press(page, "Space", "ArrowRight", "Space");
  await expect(board.card("Ada En")).toHaveAttribute("aria-busy", "true");
  await press(page, "Space", "ArrowRight", "Space");
  answer();
  await board.expectMoved("Ada En", SECOND);
  await board.expectOrder(SECOND, ["Ada En"]);
  expect(asked).toHaveLength(1);
});
