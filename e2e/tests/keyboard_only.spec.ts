import { type Locator, type Page } from "@playwright/test";

import { Board, FIRST, SECOND, awake } from "./board";
import { day } from "./days";
import { expect, test } from "./fixtures";
import { PASSWORD } from "./samlop";

/** Presses tab until something has the focus. Wherever the focus stops on the way, it can be seen. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const element = document.activeElement!;
      const { outlineStyle, boxShadow } = getComputedStyle(element);
      // The button inside a date field has the browser's own mark, and the field itself is not in focus then.
      const isMarked = outlineStyle !== "none" || boxShadow !== "none" || !element.matches(":focus");
      const { top, bottom, left, right } = element.getBoundingClientRect();
      const isInWindow = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
      return { what: element.outerHTML.slice(0, 100), isMarked, isInWindow };
    });
    const { what, isMarked, isInWindow } = focus;
    if (!what.startsWith("<body")) expect({ isMarked, isInWindow }, `focus on ${what}`).toEqual({ isMarked: true, isInWindow: true });
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error("Tab never comes there.");
}

test("a whole visit by keyboard alone: log in, move a card, write a note, give a task, log out", async ({ as, page: owner, track }) => {
  test.slow();
  const board = new Board(owner, track);
  await board.fill(FIRST, "Ada En", "Bo To");

  const page = await as("nobody");
  await page.goto(`/tracks/${track}`);
  await tabTo(page, page.getByLabel("E-post"));
  await page.keyboard.type("leder@example.no");
  await tabTo(page, page.getByLabel("Passord"));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/tracks/${track}$`));

  await awake(page);
  const mine = new Board(page, track);
  await tabTo(page, mine.link("Bo To"));
  for (const key of ["Space", "ArrowRight", "Space"]) await page.keyboard.press(key);
  await mine.expectMoved("Bo To", SECOND);
  await mine.expectOrder(SECOND, ["Bo To"]);

  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Bo To" })).toBeVisible();
  await tabTo(page, page.getByLabel("Nytt notat"));
  await page.keyboard.type("Skrevet med tastatur");
  await tabTo(page, page.getByRole("button", { name: "Lagre notat" }));
  await page.keyboard.press("Enter");
  await expect(page.locator(".entry.note")).toContainText("Skrevet med tastatur");

  await tabTo(page, page.locator("summary", { hasText: "Ny oppgave" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByLabel("Tittel"));
  await page.keyboard.type("Ring skolen");
  await tabTo(page, page.getByLabel("Ansvarlig"));
  await page.keyboard.type("Inn-kontakt");
  await tabTo(page, page.getByLabel("Frist"));
  const year = day(0).slice(0, 4);
  // The same whether the browser wants the day or the month first.
  await page.keyboard.type(`1212${year}`);
  await tabTo(page, page.getByRole("button", { name: "Lagre oppgave" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").first()).toHaveText("Oppgaven er lagret");
  const task = page.locator(".task-row");
  await expect(task).toContainText("Ring skolen");
  await expect(task).toContainText("Inn-kontakt Prøve");
  await expect(task.locator("time")).toHaveAttribute("datetime", `${year}-12-12`);

  await tabTo(page, page.getByRole("button", { name: "Logg ut" }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/login$/);
});

test("the first tab offers to skip the menu", async ({ page, track }) => {
  await page.goto(`/tracks/${track}`);
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Hopp til hovedinnhold" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("after a form with errors, the focus is at the list of what must be mended", async ({ page, track }) => {
  await page.goto(`/tracks/${track}/participants/new`);
  await tabTo(page, page.getByRole("button", { name: "Registrer deltaker" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("group", { name: /Du må rette dette/ })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Ada En");
  await expect(page.getByLabel("Navn")).toHaveValue("Ada En");
});
