import { checkAccessibility } from "./accessible";
import { Board, CLOSING, FIRST, SECOND } from "./board";
import { expect, test } from "./fixtures";
import { everyPage } from "./pages";

test("axe finds nothing on any page", async ({ as, page, track }) => {
  test.slow();
  const visits = await everyPage(page, track);
  const windows = { inn: page, nav: await as("nav"), admin: await as("admin"), nobody: await as("nobody") };
  for (const { who, path } of visits) {
    const window = windows[who as keyof typeof windows];
    await window.goto(path);
    await checkAccessibility(window);
  }
});

test("axe finds nothing while a menu, a dialog, a message or a form with errors is open", async ({ as, board, page }) => {
  test.slow();
  await board.cutOff();
  await board.fill(FIRST, "Ada En", "Bo To");
  await board.menuButton("Ada En").click();
  await checkAccessibility(page);
  await page.getByRole("menuitem", { name: `Flytt til ${CLOSING}` }).click();
  await checkAccessibility(page);
  await board.closingDialog.getByRole("button", { name: "Flytt", exact: true }).click();
  await expect(board.closingDialog.getByText("Fyll ut dette feltet.").first()).toBeVisible();
  await checkAccessibility(page);
  await board.closingDialog.getByRole("button", { name: "Avbryt" }).click();

  const other = new Board(await as("leder"), board.track);
  await other.open();
  await other.moveByMenu("Bo To", SECOND);
  await board.menuButton("Bo To").click();
  await page.getByRole("menuitem", { name: `Flytt til ${SECOND}` }).click();
  await expect(board.refusal).toBeVisible();
  await checkAccessibility(page);

  await page.goto(`/tracks/${board.track}/participants/new`);
  await page.getByRole("button", { name: "Registrer deltaker" }).click();
  await checkAccessibility(page);
  await page.goto("/finnes/ikke");
  await checkAccessibility(page);
});

test("axe finds nothing on the record with everything unfolded", async ({ page, track }) => {
  const visits = await everyPage(page, track);
  await page.goto(visits.find(({ route }) => route === "/participants/:id")!.path);
  await page.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = true)));
  await checkAccessibility(page);
});

test("axe finds nothing on pages on which there is nothing yet", async ({ as, samlop }) => {
  const email = "tom@example.no";
  await samlop.createUser({ email, name: "Tom Prøve", role: "inn-adviser", organisation: "INN Tomrom" });
  await samlop.createTrack("tomt", "INN Tomrom", "Nav Tomrom");
  const page = await as(email);
  for (const path of ["/tracks", "/tracks/tomt", "/tasks", "/alerts"]) {
    await page.goto(path);
    await expect(page.locator("main")).not.toBeEmpty();
    await checkAccessibility(page);
  }
});

test("the board keeps its columns apart in high contrast, and nothing glides when motion is unwelcome", async ({ as, track }) => {
  const page = await as("inn", { reducedMotion: "reduce", forcedColors: "active" });
  const board = new Board(page, track);
  await board.fill(FIRST, "Ada En");
  const border = await board.phase(FIRST).evaluate((phase) => getComputedStyle(phase).borderTopColor);
  expect(border).not.toMatch(/rgba\(.*, 0\)|transparent/);
  await board.link("Ada En").focus();
  for (const key of ["Space", "ArrowRight"]) await page.keyboard.press(key);
  const running = await page.evaluate(() => document.getAnimations().filter((it) => it.playState === "running" && Number(it.effect?.getComputedTiming().duration) > 10).length);
  expect(running).toBe(0);
  await page.keyboard.press("Space");
  await board.expectMoved("Ada En", SECOND);
});
