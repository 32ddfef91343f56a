import { type Page } from "@playwright/test";

import { CLOSING, awake } from "./board";
import { expect, test } from "./fixtures";
import { LONG_NAME, everyPage } from "./pages";

/** A window of 1280 × 1024 at 400 % (WCAG 2.2, criterion 1.4.10). */
const ZOOMED = { width: 320, height: 256 };

/** What sticks out of the window, unless it lies in a part that scrolls by itself. */
function stickingOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (element: Element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
    const isInScroller = (element: Element) => {
      for (let outer = element.parentElement; outer && outer !== document.body; outer = outer.parentElement) {
        if (scrolls(outer)) return true;
      }
      return false;
    };
    const found = [...document.body.querySelectorAll("*")].filter((element) => {
      const { left, right, width, height } = element.getBoundingClientRect();
      const isSeen = width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true });
      return isSeen && (right > innerWidth + 1 || left < -1) && !isInScroller(element);
    });
    if (document.documentElement.scrollWidth > innerWidth) found.push(document.documentElement);
    return found.map((element) => element.outerHTML.slice(0, 120));
  });
}

test("on a window 320 pixels wide nothing sticks out on any page", async ({ as, page, track }) => {
  const visits = await everyPage(page, track);
  const windows = { inn: page, nav: await as("nav"), admin: await as("admin"), nobody: await as("nobody") };
  for (const { who, path } of visits) {
    const window = windows[who as keyof typeof windows];
    await window.setViewportSize(ZOOMED);
    await window.goto(path);
    expect(await stickingOut(window), path).toEqual([]);
  }
});

test("nor does a menu, a dialog, a list of errors or a page that is not there", async ({ page, track }) => {
  await everyPage(page, track);
  await page.setViewportSize(ZOOMED);
  await page.goto(`/tracks/${track}/participants/new`);
  await page.getByRole("button", { name: "Registrer deltaker" }).click();
  await expect(page.getByRole("group", { name: /Du må rette dette/ })).toBeVisible();
  expect(await stickingOut(page), "list of errors").toEqual([]);

  await page.goto("/finnes/ikke");
  expect(await stickingOut(page), "not found").toEqual([]);

  await page.goto(`/tracks/${track}`);
  await awake(page);
  await page.getByRole("button", { name: `Flytt ${LONG_NAME}` }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  expect(await stickingOut(page), "menu").toEqual([]);
  const item = page.getByRole("menuitem", { name: `Flytt til ${CLOSING}` });
  await item.scrollIntoViewIfNeeded();
  await item.click();
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await stickingOut(page), "dialog").toEqual([]);
  // Everything in it can be reached by scrolling.
  const send = page.getByRole("dialog").getByRole("button", { name: "Flytt", exact: true });
  await send.scrollIntoViewIfNeeded();
  await expect(send).toBeInViewport({ ratio: 1 });
});

test("every text can be twice as large", async ({ as, page, track }) => {
  const visits = await everyPage(page, track);
  const windows = { inn: page, nav: await as("nav"), admin: await as("admin"), nobody: await as("nobody") };
  for (const { who, path } of visits) {
    const window = windows[who as keyof typeof windows];
    await window.setViewportSize({ width: 1280, height: 800 });
    await window.goto(path);
    await window.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    expect(await stickingOut(window), path).toEqual([]);
  }
});
