import { FIRST, SECOND } from "./board";
import { expect, test } from "./fixtures";

test("a board on paper shows all its cards and nothing that only a screen can do", async ({ board, page }) => {
  await board.fill(FIRST, ...Array.from({ length: 30 }, (_, number) => `Deltaker ${number + 1}`));
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ media: "print", colorScheme });
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("banner")).toBeHidden();
    await expect(page.getByRole("link", { name: "Ny deltaker" })).toBeHidden();
    await expect(board.menuButton("Deltaker 1")).toBeHidden();
    await expect(board.phase(SECOND).getByText("Ingen deltakere her")).toBeHidden();
    const list = board.phase(FIRST).locator(".cards");
    await expect(list.locator(".card"), "also those that came later").toHaveCount(30);
    expect(await list.evaluate((list) => list.scrollHeight - list.clientHeight), "nothing is cut off").toBe(0);
    const [one, second] = [await board.card("Deltaker 1").boundingBox(), await board.card("Deltaker 2").boundingBox()];
    expect(one?.y, "beside each other").toBe(second?.y);
    await expect(board.link("Deltaker 1")).toHaveCSS("color", "rgb(0, 0, 0)");
    await expect(page.locator("body")).toHaveCSS("background-color", "rgba(0, 0, 0, 0)");
  }
});

test("a record on paper begins with the facts and has no forms", async ({ page, board }) => {
  await board.fill(FIRST, "Ada En");
  await board.link("Ada En").click();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("heading", { name: "Ada En", level: 1 })).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
  const facts = await page.locator(".record-side").boundingBox();
  const story = await page.locator(".record-main").boundingBox();
  expect((facts?.y ?? 0) < (story?.y ?? 0)).toBe(true);
});
