import { Board, CLOSING, FIRST, SECOND, THIRD } from "./board";
import { expect, test } from "./fixtures";
import { Mouse, middleOf, movesAsked } from "./mouse";

test("a card that is dropped in another column stays there", async ({ board, page, samlop }) => {
  await board.fill(FIRST, "Amal Prøvestad");
  await new Mouse(page).drag(board.card("Amal Prøvestad"), board.phase(SECOND));
  await board.expectMoved("Amal Prøvestad", SECOND);
  await board.expectOrder(FIRST, []);
  await board.expectKept(samlop, SECOND, ["Amal Prøvestad"]);
});

test("a card that is dropped between two others lies there", async ({ board, page, samlop }) => {
  await board.fill(SECOND, "Over Skissedal", "Under Skissedal");
  await board.fill(FIRST, "Ny Fjordprøve");
  await new Mouse(page).drag(board.card("Ny Fjordprøve"), board.card("Under Skissedal"), 0.25);
  await board.expectMoved("Ny Fjordprøve", SECOND);
  await board.expectKept(samlop, SECOND, ["Over Skissedal", "Ny Fjordprøve", "Under Skissedal"]);
});

test("a card can change place within its column, to the bottom and to the top", async ({ board, page, samlop }) => {
  await board.fill(FIRST, "Ada En", "Bo To", "Cai Tre");
  const mouse = new Mouse(page);
  await mouse.drag(board.card("Ada En"), board.card("Cai Tre"), 0.8);
  await board.expectMoved("Ada En", FIRST);
  await board.expectOrder(FIRST, ["Bo To", "Cai Tre", "Ada En"]);
  await mouse.drag(board.card("Cai Tre"), board.card("Bo To"), 0.2);
  await board.expectMoved("Cai Tre", FIRST);
  await board.expectKept(samlop, FIRST, ["Cai Tre", "Bo To", "Ada En"]);
});

test("moves one after the other keep their order", async ({ board, page, samlop }) => {
  await board.fill(FIRST, "Ada En", "Bo To", "Cai Tre");
  const mouse = new Mouse(page);
  for (const name of ["Cai Tre", "Ada En", "Bo To"]) await mouse.drag(board.card(name), board.phase(THIRD), 0.9);
  await board.expectMoved("Bo To", THIRD);
  await board.expectKept(samlop, THIRD, ["Cai Tre", "Ada En", "Bo To"]);
});

test("lifting a card leaves the board as large as it was", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En");
  const size = () => page.locator("#board").boundingBox();
  const before = await size();
  const mouse = new Mouse(page);
  await mouse.lift(board.card("Ada En"));
  expect(await size()).toEqual(before);
  await page.keyboard.press("Escape");
  await mouse.drop();
});

test("the copy stays in the hand, and the place-holder shows the place without flickering", async ({ board, page }) => {
  await board.fill(SECOND, "Over Skissedal", "Under Skissedal");
  await board.fill(FIRST, "Ny Fjordprøve");
  const card = board.card("Ny Fjordprøve").and(page.locator(".cards > *"));
  const mouse = new Mouse(page);
  await mouse.lift(card);
  for (const part of [0.05, 0.3, 0.5, 0.7, 0.95]) {
    await mouse.carryOver(board.card("Under Skissedal"), part);
    const { x, y } = await middleOf(board.card("Under Skissedal"), part);
    const changes = await page.evaluate(async () => {
      let changes = 0;
      new MutationObserver((found) => (changes += found.length)).observe(document.querySelector("#board")!, {
        childList: true,
        subtree: true,
      });
      for (let frame = 0; frame < 20; frame += 1) await new Promise(requestAnimationFrame);
      return changes;
    });
    expect(changes, `while the hand rests at ${x}, ${y}`).toBe(0);
    await expect(page.locator(".placeholder")).toHaveCount(1);
  }
  // The copy was taken at the card's middle, and is held there still.
  await mouse.carryTo(640, 400);
  const ghost = await middleOf(page.locator(".ghost"));
  expect(Math.abs(ghost.x - 640) + Math.abs(ghost.y - 400)).toBeLessThan(4);
  await page.keyboard.press("Escape");
  await page.mouse.up();
});

test("escape puts the card back", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  const asked = movesAsked(page);
  const mouse = new Mouse(page);
  await mouse.lift(board.card("Ada En"));
  await mouse.carryOver(board.phase(SECOND));
  await expect(board.phase(SECOND).locator(".placeholder")).toBeVisible();
  await page.keyboard.press("Escape");
  await mouse.drop();
  await board.expectOrder(FIRST, ["Ada En", "Bo To"]);
  await board.expectOrder(SECOND, []);
  expect(asked).toEqual([]);
});

test("a drop outside the columns puts the card back", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  const asked = movesAsked(page);
  const mouse = new Mouse(page);
  await mouse.lift(board.card("Ada En"));
  await mouse.carryOver(board.phase(SECOND));
  await mouse.carryOver(page.getByRole("heading", { level: 1 }));
  await mouse.drop();
  await board.expectOrder(FIRST, ["Ada En", "Bo To"]);
  await board.expectOrder(SECOND, []);
  expect(asked).toEqual([]);
  await expect(page).toHaveURL(new RegExp(`/tracks/${board.track}$`));
});

test("a card that is put down where it was is not moved", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  const asked = movesAsked(page);
  const mouse = new Mouse(page);
  await mouse.lift(board.card("Ada En"));
  await mouse.carryOver(board.phase(SECOND));
  await mouse.carryOver(board.card("Bo To"), 0.1);
  await mouse.drop();
  await board.expectOrder(FIRST, ["Ada En", "Bo To"]);
  expect(asked).toEqual([]);
});

test("a click on the name opens the record, a drag by the name does not", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En");
  const mouse = new Mouse(page);
  await mouse.drag(board.link("Ada En"), board.phase(SECOND));
  await board.expectMoved("Ada En", SECOND);
  await expect(page).toHaveURL(new RegExp(`/tracks/${board.track}$`));
  await board.link("Ada En").click();
  await expect(page.getByRole("heading", { level: 1, name: "Ada En" })).toBeVisible();
});

test("the board scrolls sideways when a card comes near its edge", async ({ board, page, samlop }) => {
  await board.fill(FIRST, "Ada En");
  await page.setViewportSize({ width: 900, height: 700 });
  const mouse = new Mouse(page);
  await mouse.lift(board.card("Ada En"));
  const edge = (await page.locator("#board").boundingBox())!;
  await mouse.carryTo(edge.x + edge.width - 8, edge.y + 200);
  await expect
    .poll(() => page.locator("#board").evaluate((board) => board.scrollWidth - board.clientWidth - board.scrollLeft))
    .toBeLessThan(2);
  await mouse.carryOver(board.phase("Oppfølging"));
  await mouse.drop();
  await board.expectMoved("Ada En", "Oppfølging");
  await expect(board.card("Ada En")).toBeInViewport();
  await page.setViewportSize({ width: 1280, height: 800 });
  await board.expectKept(samlop, "Oppfølging", ["Ada En"]);
});

test("a long column scrolls when a card comes near its end", async ({ page, board, samlop }) => {
  await samlop.run(["seed", "--participants", "180", "--track", board.track]);
  await board.fill(SECOND, "Siste Prøvestad");
  const names = await board.names(SECOND);
  await board.fill(FIRST, "Ny Fjordprøve");
  await board.link("Ny Fjordprøve").scrollIntoViewIfNeeded();
  const mouse = new Mouse(page);
  await mouse.lift(board.card("Ny Fjordprøve"));
  const list = board.phase(SECOND).getByRole("list");
  const place = (await list.boundingBox())!;
  await mouse.carryTo(place.x + 60, place.y + place.height - 6);
  await expect
    .poll(() => list.evaluate((list) => list.scrollHeight - list.clientHeight - list.scrollTop))
    .toBeLessThan(2);
  await mouse.carryOver(board.card("Siste Prøvestad"), 0.2);
  await mouse.drop();
  await board.expectMoved("Ny Fjordprøve", SECOND);
  await board.expectKept(samlop, SECOND, [...names.slice(0, -1), "Ny Fjordprøve", "Siste Prøvestad"]);
});

test("a drop in the closing phase asks first, cancelling leaves the card, answering moves it", async ({ board, page, samlop }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  const asked = movesAsked(page);
  const mouse = new Mouse(page);
  const drag = async () => {
    await mouse.lift(board.card("Ada En"));
    const edge = (await page.locator("#board").boundingBox())!;
    await mouse.carryTo(edge.x + edge.width - 8, edge.y + 200);
    await expect(board.phase(CLOSING)).toBeInViewport({ ratio: 0.9 });
    await mouse.carryOver(board.phase(CLOSING));
    await mouse.drop();
    await expect(board.closingDialog).toBeVisible();
  };
  await drag();
  await board.expectOrder(FIRST, ["Ada En", "Bo To"]);
  await board.closingDialog.getByRole("button", { name: "Avbryt" }).click();
  await expect(board.closingDialog).toBeHidden();
  await board.expectOrder(FIRST, ["Ada En", "Bo To"]);
  expect(asked).toEqual([]);

  await page.locator("#board").evaluate((board) => board.scrollTo(0, 0));
  await drag();
  await board.closingDialog.getByRole("button", { name: "Flytt", exact: true }).click();
  await expect(board.closingDialog.getByText("Fyll ut dette feltet.")).toHaveCount(2);
  await board.answerClosing("Annet", "Utdanning");
  await expect(board.closingDialog.getByLabel("Årsak med egne ord")).toHaveAttribute("aria-invalid", "true");
  await board.closingDialog.getByLabel("Årsak med egne ord").fill("Begynner på fagskole");
  await board.closingDialog.getByRole("button", { name: "Flytt", exact: true }).click();
  await board.expectMoved("Ada En", CLOSING);
  await board.expectKept(samlop, CLOSING, ["Ada En"]);
  await board.link("Ada En").click();
  await expect(page.getByText("Årsak: Begynner på fagskole. Utfall: Utdanning.")).toBeVisible();
});

test("a move that comes too late is refused, tells who was first, and can be repeated in one press", async ({ as, board, page, samlop }) => {
  await board.cutOff();
  await board.fill(FIRST, "Ada En", "Bo To");
  const other = new Board(await as("leder"), board.track);
  await other.open();
  await new Mouse(other.page).drag(other.card("Ada En"), other.phase(THIRD));
  await other.expectMoved("Ada En", THIRD);

  await new Mouse(page).drag(board.card("Ada En"), board.phase(SECOND));
  await expect(board.refusal).toContainText(/Leder Prøve flyttet kortet til Karriereveiledning/);
  await board.expectOrder(THIRD, ["Ada En"]);
  await board.expectOrder(SECOND, []);
  await board.refusal.getByRole("button", { name: "Flytt likevel" }).click();
  await board.expectMoved("Ada En", SECOND);
  await expect(board.refusal).toBeHidden();
  await board.expectKept(samlop, SECOND, ["Ada En"]);
});

test("a move between two cards that is repeated ends between them", async ({ as, board, page, samlop }) => {
  await board.cutOff();
  await board.fill(SECOND, "Over Skissedal", "Under Skissedal");
  await board.fill(FIRST, "Ada En");
  const other = new Board(await as("leder"), board.track);
  await other.open();
  await new Mouse(other.page).drag(other.card("Ada En"), other.phase(THIRD));
  await other.expectMoved("Ada En", THIRD);

  await new Mouse(page).drag(board.card("Ada En"), board.card("Under Skissedal"), 0.2);
  await board.refusal.getByRole("button", { name: "Flytt likevel" }).click();
  await board.expectMoved("Ada En", SECOND);
  await board.expectKept(samlop, SECOND, ["Over Skissedal", "Ada En", "Under Skissedal"]);
});

test("without contact with the server the card goes back, and the move can be tried again", async ({ board, page, expectComplaint }) => {
  expectComplaint(/ERR_INTERNET_DISCONNECTED/);
  await board.fill(FIRST, "Ada En");
  await page.context().setOffline(true);
  await new Mouse(page).drag(board.card("Ada En"), board.phase(SECOND));
  await expect(board.refusal).toContainText("Vi får ikke kontakt med Samløp");
  await board.expectOrder(FIRST, ["Ada En"]);
  await page.context().setOffline(false);
  await board.refusal.getByRole("button", { name: "Prøv igjen" }).click();
  await board.expectMoved("Ada En", SECOND);
  await board.expectOrder(SECOND, ["Ada En"]);
});

test("a card keeps its place also when the hand leaves the window and comes back", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En");
  const mouse = new Mouse(page);
  await mouse.lift(board.card("Ada En"));
  await mouse.carryTo(-20, -20);
  await expect(board.phase(FIRST).locator(".placeholder")).toBeVisible();
  await mouse.carryOver(board.phase(SECOND));
  await mouse.drop();
  await board.expectMoved("Ada En", SECOND);
});
