import { Board, CLOSING, FIRST, SECOND, THIRD } from "./board";
import { expect, test } from "./fixtures";
import { movesAsked } from "./mouse";

test("the menu lists every phase and moves the card to the bottom of the chosen one", async ({ board, page, samlop }) => {
  await board.fill(SECOND, "Over Skissedal");
  await board.fill(FIRST, "Ada En", "Bo To");
  await board.menuButton("Ada En").click();
  const menu = page.getByRole("menu", { name: "Flytt Ada En" });
  await expect(menu.getByRole("menuitem", { name: /^Flytt til / })).toHaveCount(10);
  await menu.getByRole("menuitem", { name: `Flytt til ${SECOND}` }).click();
  await board.expectMoved("Ada En", SECOND);
  await expect(board.menuButton("Ada En")).toBeFocused();
  await expect(menu).toBeHidden();
  await board.expectKept(samlop, SECOND, ["Over Skissedal", "Ada En"]);
});

test("the phase in which the card is can't be chosen", async ({ board, page }) => {
  await board.fill(SECOND, "Ada En");
  const asked = movesAsked(page);
  await board.menuButton("Ada En").click();
  const here = page.getByRole("menuitem", { name: `Flytt til ${SECOND}` });
  await expect(here).toHaveAttribute("aria-disabled", "true");
  await here.click({ force: true });
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toBeHidden();
  await board.expectOrder(SECOND, ["Ada En"]);
  expect(asked).toEqual([]);
});

test("the menu works by keyboard: arrows, home, end, enter, escape", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En");
  await board.menuButton("Ada En").focus();
  await page.keyboard.press("Enter");
  const item = (name: string) => page.getByRole("menuitem", { name, exact: true });
  // The first one that can be chosen.
  await expect(item(`Flytt til ${SECOND}`)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(item("Ny oppgave")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(item(`Flytt til ${THIRD}`)).toBeFocused();
  await page.keyboard.press("End");
  await expect(item("Ny oppgave")).toBeFocused();
  await page.keyboard.press("Home");
  await expect(item(`Flytt til ${SECOND}`)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toBeHidden();
  await expect(board.menuButton("Ada En")).toBeFocused();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await board.expectMoved("Ada En", THIRD);
  await expect(board.menuButton("Ada En")).toBeFocused();
  await board.expectOrder(THIRD, ["Ada En"]);
});

test("the same button opens and closes the menu, and another card's button opens that one's", async ({ board, page }) => {
  await board.fill("Vedtak", "Bo To");
  await board.fill(FIRST, "Ada En");
  await board.menuButton("Ada En").click();
  await expect(page.getByRole("menu", { name: "Flytt Ada En" })).toBeVisible();
  await page.getByRole("heading", { level: 1 }).click();
  await expect(page.getByRole("menu")).toBeHidden();
  await board.menuButton("Ada En").click();
  await expect(page.getByRole("menu", { name: "Flytt Ada En" })).toBeVisible();
  await board.menuButton("Bo To").click();
  await expect(page.getByRole("menu", { name: "Flytt Bo To" })).toBeVisible();
  await page.getByRole("menuitem", { name: `Flytt til ${THIRD}` }).click();
  await board.expectMoved("Bo To", THIRD);
  await board.expectOrder(FIRST, ["Ada En"]);
});

test("the closing phase asks first, cancelling leaves the card, answering moves it", async ({ board, page, samlop }) => {
  await board.fill(FIRST, "Ada En");
  const asked = movesAsked(page);
  const choose = async () => {
    await board.menuButton("Ada En").click();
    await page.getByRole("menuitem", { name: `Flytt til ${CLOSING}` }).click();
    await expect(board.closingDialog).toBeVisible();
  };
  await choose();
  await board.closingDialog.getByRole("button", { name: "Avbryt" }).click();
  await board.expectOrder(FIRST, ["Ada En"]);
  await expect(board.menuButton("Ada En")).toBeFocused();
  expect(asked).toEqual([]);
  await choose();
  await board.answerClosing("Fullført som planlagt", "Arbeid, fagrelevant");
  await board.expectMoved("Ada En", CLOSING);
  await board.expectKept(samlop, CLOSING, ["Ada En"]);
});

test("a choice that comes too late is refused and can be repeated", async ({ as, board, page, samlop }) => {
  await board.cutOff();
  await board.fill(FIRST, "Ada En");
  const other = new Board(await as("leder"), board.track);
  await other.open();
  await other.moveByMenu("Ada En", THIRD);

  await board.menuButton("Ada En").click();
  await page.getByRole("menuitem", { name: `Flytt til ${SECOND}` }).click();
  await expect(board.refusal).toContainText(/Leder Prøve flyttet kortet til Karriereveiledning/);
  await board.expectOrder(THIRD, ["Ada En"]);
  await board.refusal.getByRole("button", { name: "Flytt likevel" }).click();
  await board.expectMoved("Ada En", SECOND);
  await board.expectKept(samlop, SECOND, ["Ada En"]);
});

test("somebody whose login has ended is told so, and the card goes back", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En");
  await page.context().clearCookies();
  await board.menuButton("Ada En").click();
  await page.getByRole("menuitem", { name: `Flytt til ${SECOND}` }).click();
  await expect(board.refusal).toContainText("Du er ikke logget inn");
  await board.expectOrder(FIRST, ["Ada En"]);
});
