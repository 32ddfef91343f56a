import { Board, CLOSING, FIRST, SECOND, THIRD } from "./board";
import { expect, test as base } from "./fixtures";

/** Without a script, nobody tells when the page is awake: it is at once. */
const test = base.extend({
  page: async ({ as }, use) => use(await as("inn", { javaScriptEnabled: false })),
});

/** Opens the page on which a card is moved. */
async function choose(board: Board, name: string): Promise<void> {
  await board.open();
  await board.menuButton(name).click();
  await expect(board.page.getByRole("heading", { level: 1, name: `Flytt ${name}` })).toBeVisible();
}

test("the menu button leads to a page with a button for every other phase, and one press moves", async ({ board, page, samlop }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  await choose(board, "Ada En");
  await expect(page.getByRole("button", { name: /^Flytt til / })).toHaveCount(8);
  await page.getByRole("button", { name: `Flytt til ${SECOND}` }).click();
  await expect(page.getByRole("status")).toHaveText("Deltakeren er flyttet");
  await board.open();
  await board.expectOrder(FIRST, ["Bo To"]);
  await board.expectKept(samlop, SECOND, ["Ada En"]);
});

test("cancelling leads back to the card and moves nothing", async ({ board, page }) => {
  await board.fill(FIRST, "Ada En");
  await choose(board, "Ada En");
  await page.getByRole("link", { name: "Avbryt" }).click();
  await expect(page).toHaveURL(new RegExp(`/tracks/${board.track}\\?all=1#`));
  await board.expectOrder(FIRST, ["Ada En"]);
});

test("the closing phase shows its form, tells what is missing, and keeps what was typed", async ({ board, page, samlop }) => {
  await board.fill(FIRST, "Ada En");
  await choose(board, "Ada En");
  await page.getByRole("link", { name: `Flytt til ${CLOSING}` }).click();
  const send = page.getByRole("button", { name: "Flytt", exact: true });

  await send.click();
  const summary = page.getByRole("group", { name: /Du må rette dette/ });
  await expect(summary.getByRole("link")).toHaveText([/^Årsak: Fyll ut/, /^Utfall: Fyll ut/]);

  await page.getByLabel("Årsak", { exact: true }).selectOption("Annet");
  await page.getByLabel("Utfall").selectOption("Utdanning");
  await send.click();
  await expect(summary.getByRole("link")).toHaveText([/^Årsak med egne ord: Fyll ut/]);
  await expect(page.getByLabel("Årsak", { exact: true })).toHaveValue("other");
  await expect(page.getByLabel("Utfall")).toHaveValue("education");

  await page.getByLabel("Årsak med egne ord").fill("fnr 13897240054");
  await send.click();
  await expect(page.getByLabel("Årsak med egne ord")).toHaveValue("fnr 13897240054");
  await expect(summary).toContainText("fødselsnummer");

  await page.getByLabel("Årsak med egne ord").fill("Begynner på fagskole");
  await send.click();
  await expect(page.getByRole("status")).toHaveText("Deltakeren er flyttet");
  await board.open();
  await board.expectKept(samlop, CLOSING, ["Ada En"]);
  await board.link("Ada En").click();
  await expect(page.getByText("Årsak: Begynner på fagskole. Utfall: Utdanning.")).toBeVisible();
});

test("a move that comes too late is refused, tells who was first, and can be repeated in one press", async ({ as, board, page, samlop }) => {
  await board.fill(FIRST, "Ada En");
  await choose(board, "Ada En");
  const other = new Board(await as("leder", { javaScriptEnabled: false }), board.track);
  await choose(other, "Ada En");
  await other.page.getByRole("button", { name: `Flytt til ${THIRD}` }).click();
  await expect(other.page.getByRole("status")).toHaveText("Deltakeren er flyttet");

  await page.getByRole("button", { name: `Flytt til ${SECOND}` }).click();
  await expect(page.getByRole("alert")).toContainText(/Leder Prøve flyttet kortet til Karriereveiledning/);
  await page.getByRole("button", { name: `Flytt til ${SECOND}` }).click();
  await expect(page.getByRole("status")).toHaveText("Deltakeren er flyttet");
  await board.open();
  await board.expectKept(samlop, SECOND, ["Ada En"]);
});

test("a closing that comes too late keeps its answers and can be sent again", async ({ as, board, page, samlop }) => {
  await board.fill(FIRST, "Ada En");
  await choose(board, "Ada En");
  await page.getByRole("link", { name: `Flytt til ${CLOSING}` }).click();
  await page.getByLabel("Årsak", { exact: true }).selectOption("Har flyttet");
  await page.getByLabel("Utfall").selectOption("Utdanning");
  const other = new Board(await as("leder", { javaScriptEnabled: false }), board.track);
  await choose(other, "Ada En");
  await other.page.getByRole("button", { name: `Flytt til ${THIRD}` }).click();
  await expect(other.page.getByRole("status")).toBeVisible();

  const send = page.getByRole("button", { name: "Flytt", exact: true });
  await send.click();
  await expect(page.getByRole("alert")).toContainText(/Leder Prøve flyttet kortet/);
  await expect(page.getByLabel("Årsak", { exact: true })).toHaveValue("moved_away");
  await send.click();
  await expect(page.getByRole("status")).toHaveText("Deltakeren er flyttet");
  await board.open();
  await board.expectKept(samlop, CLOSING, ["Ada En"]);
});
