import { Board, FIRST, SECOND, THIRD, register } from "./board";
import { expect, test } from "./fixtures";

test("what a colleague moves glides to its place, counted right, and comes back when it is taken back", async ({ as, board, page, samlop, track }) => {
  await board.fill(FIRST, "Ada En", "Bo To", "Cy Tre");
  const colleague = new Board(await as("leder"), track);
  await colleague.open();
  await colleague.moveByMenu("Bo To", SECOND);
  await board.expectOrder(SECOND, ["Bo To"]);
  await board.expectOrder(FIRST, ["Ada En", "Cy Tre"]);
  await colleague.page.getByRole("button", { name: "Angre" }).click();
  await board.expectOrder(FIRST, ["Ada En", "Bo To", "Cy Tre"]);
  await colleague.link("Cy Tre").focus();
  for (const key of ["Space", "ArrowUp", "ArrowUp", "Space"]) await colleague.page.keyboard.press(key);
  await board.expectOrder(FIRST, ["Cy Tre", "Ada En", "Bo To"]);
  // The next move builds on what came over the line, without a reload.
  await board.moveByMenu("Bo To", THIRD);
  await board.expectKept(samlop, FIRST, ["Cy Tre", "Ada En"]);
});

test("a card in the hand stays there while others move cards around it", async ({ as, board, page, track }) => {
  await board.fill(FIRST, "Ada En", "Bo To", "Cy Tre");
  const colleague = new Board(await as("leder"), track);
  await colleague.open();
  await board.link("Bo To").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await board.expectNames(SECOND, ["Bo To"]);
  await colleague.moveByMenu("Ada En", THIRD);
  await board.expectOrder(THIRD, ["Ada En"]);
  await colleague.moveByMenu("Bo To", THIRD);
  await expect(board.phase(THIRD).locator("header .count")).toHaveText("2");
  await board.expectNames(SECOND, ["Bo To"]);
  await expect(board.link("Bo To")).toBeFocused();
  await page.keyboard.press("Escape");
  await board.expectOrder(THIRD, ["Ada En", "Bo To"]);
  await board.expectOrder(FIRST, ["Cy Tre"]);
});

test("a card in the hand keeps its place among others while they change", async ({ as, board, page }) => {
  await board.fill(FIRST, "Ada En", "Bo To", "Cy Tre");
  const colleague = await as("leder");
  await colleague.goto(`${await board.link("Ada En").getAttribute("href")}/edit`);
  await board.link("Cy Tre").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowUp");
  await board.expectNames(FIRST, ["Ada En", "Cy Tre", "Bo To"]);
  await colleague.getByLabel("Navn").fill("Nytt Navn");
  await colleague.getByRole("button", { name: "Lagre", exact: true }).click();
  await board.expectNames(FIRST, ["Nytt Navn", "Cy Tre", "Bo To"]);
  await page.keyboard.press("Space");
  await board.expectMoved("Cy Tre", FIRST);
  await board.expectOrder(FIRST, ["Nytt Navn", "Cy Tre", "Bo To"]);
});

test("news that change nothing one can see touch nothing on the page", async ({ as, board, page }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  await page.getByRole("button", { name: "Velg flere" }).click();
  await expect(board.card("Ada En").getByRole("checkbox")).toBeVisible();
  const touched = await page.evaluateHandle(() => {
    const touched = new Set<string>();
    const place = (node: Node) => (node as Element).closest(".card")?.id ?? (node as Element).className;
    const watch = new MutationObserver((changes) => changes.forEach((change) => touched.add(place(change.target))));
    watch.observe(document.querySelector("main")!, { childList: true, subtree: true });
    return touched;
  });
  const bo = await board.card("Bo To").getAttribute("id");
  const colleague = await as("leder");
  for (const [name, field, value] of [["Ada En", "Telefon", "900 00 001"], ["Bo To", "Navn", "Nytt Navn"]]) {
    await colleague.goto(`${await board.link(name).getAttribute("href")}/edit`);
    await colleague.getByLabel(field).fill(value);
    await colleague.getByRole("button", { name: "Lagre", exact: true }).click();
  }
  await board.expectNames(FIRST, ["Ada En", "Nytt Navn"]);
  expect(await touched.evaluate((touched) => [...touched])).toEqual([bo]);
  await expect(board.card("Nytt Navn").getByRole("checkbox")).toHaveAccessibleName(/Nytt Navn/);
});

test("a new participant, a new name and a task appear without a reload", async ({ as, board, page, track }) => {
  await board.fill(FIRST, "Ada En");
  const colleague = await as("leder");
  const record = await register(colleague, track, { name: "Ny Deltaker", phase: FIRST });
  await board.expectOrder(FIRST, ["Ada En", "Ny Deltaker"]);
  await expect(page.locator(".board-head .count")).toHaveText("2 aktive deltakere");
  await colleague.goto(`${record}/edit`);
  await colleague.getByLabel("Navn").fill("Nytt Navn");
  await colleague.getByRole("button", { name: "Lagre", exact: true }).click();
  await board.expectOrder(FIRST, ["Ada En", "Nytt Navn"]);
});

test("a line that is gone is told, and what happened meanwhile is shown when it is back", async ({ as, board, page, samlop, track }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  const state = page.locator(".line-state");
  await samlop.end();
  await expect(state).toHaveText(/^Frakoblet\. Sist oppdatert kl\. \d\d\.\d\d\.$/);
  await samlop.begin();
  const colleague = new Board(await as("leder"), track);
  await colleague.open();
  await colleague.moveByMenu("Ada En", SECOND);
  await board.expectOrder(SECOND, ["Ada En"]);
  await expect(state).toBeEmpty();
});

test("a board that has missed more than can be told is read anew, and the focus stays", async ({ board, page, samlop, track }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  await samlop.end();
  await expect(page.locator(".line-state")).toContainText("Frakoblet");
  await board.link("Bo To").focus();
  await samlop.run(["seed", "--track", track, "--participants", "400"]);
  await samlop.begin();
  await expect(page.locator(".board-head .count")).toHaveText("402 aktive deltakere");
  await expect(board.phase(FIRST).locator(".card > .name").first()).toHaveText("Ada En");
  await expect(board.link("Bo To")).toBeFocused();
});

test("two windows of one browser share a stream, and the other one goes on when one is closed", async ({ as, board, page, track }) => {
  const streams: string[] = [];
  page.context().on("request", (request) => {
    if (request.url().includes("/live/")) streams.push(request.url());
  });
  await board.fill(FIRST, "Ada En", "Bo To");
  await expect.poll(() => streams.length, "the first window has a stream").toBe(1);
  const other = new Board(await page.context().newPage(), track);
  // What shares the stream may come later than all else.
  const library = other.page.waitForResponse(/_bg\.wasm$/);
  await other.page.route(/\/line\./, async (route) => {
    await library;
    await route.continue();
  });
  await other.open();
  const colleague = new Board(await as("leder"), track);
  await colleague.open();
  await colleague.moveByMenu("Ada En", SECOND);
  for (const each of [board, other]) await each.expectOrder(SECOND, ["Ada En"]);
  expect(streams, "the other window needs none").toHaveLength(1);

  await page.close();
  await expect.poll(() => streams.length, "the other window has taken over").toBe(2);
  await colleague.moveByMenu("Bo To", SECOND);
  await other.expectOrder(FIRST, []);
  await other.page.close();
});

test("whoever logs out in one tab has no board left in another", async ({ as, samlop, track }) => {
  const email = `${track}@example.no`;
  await samlop.createUser({ email, name: "Kari Prøve", role: "inn-adviser", organisation: "INN Prøveby" });
  const page = await as(`${track}@example.no`);
  await new Board(page, track).fill(FIRST, "Ada En");
  const other = await page.context().newPage();
  await other.goto("/account");
  await other.getByRole("button", { name: "Logg ut", exact: true }).click();
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByText("Ada En")).toHaveCount(0);
});
