import { type Page, expect } from "@playwright/test";
import axe from "axe-core";

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };
/** All rules of WCAG 2.2 AA, and what axe's authors think good besides. */
const ALL = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
/** The only rule for which it matters whether the page is light or dark. */
const CONTRAST = { type: "rule", values: ["color-contrast"] };

const checked = new Set<string>();

/**
 * Looks at a page as it stands with axe: light and dark, wide and narrow. A page that stands as another did
 * before, in the same worker, is not looked at again.
 */
export async function checkAccessibility(page: Page): Promise<void> {
  // A page whose style has not come yet is no page that anybody sees.
  await page.waitForLoadState();
  const state = await stateOf(page);
  if (checked.has(state)) return;
  checked.add(state);
  const hasScript = await page.evaluate(() => matchMedia("(scripting: enabled)").matches);
  if (hasScript) {
    const before = page.viewportSize();
    await look(page);
    if (before) await page.setViewportSize(before);
  } else {
    const twin = await withScript(page);
    await look(twin);
    await twin.close();
  }
}

async function look(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  for (const size of [WIDE, NARROW]) {
    await page.setViewportSize(size);
    for (const [colorScheme, runOnly] of [["light", ALL], ["dark", CONTRAST]] as const) {
      await page.emulateMedia({ colorScheme });
      await atRest(page);
      const found = await page.evaluate(async (runOnly) => {
        const { violations } = await (window as any).axe.run(document, { runOnly, resultTypes: ["violations"] });
        return violations.map(({ id, help, nodes }: any) => ({ id, help, where: nodes.slice(0, 5).map((node: any) => node.html) }));
      }, runOnly);
      expect(found, `axe on ${page.url()}, ${colorScheme}, ${size.width} wide`).toEqual([]);
    }
  }
  await page.emulateMedia({ colorScheme: null });
}

/** The same page, as the server has sent it, in a window in which axe can run, and no script of ours. */
async function withScript(page: Page): Promise<Page> {
  const body = (await page.content()).replace(/<script\b.*?<\/script>/gs, "");
  const twin = await page.context().browser()!.newPage();
  await twin.route(page.url(), (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }));
  await twin.goto(page.url());
  return twin;
}

/** What makes a page look different to axe: the kind of page, and what is open or said on it. */
function stateOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const kind = location.pathname.replace(/[0-9a-f-]{36}|(?<=\/tracks\/)[^/]+/g, "*");
    const parts = ["dialog[open]", ":popover-open", "[role=alert]", ".ds-error-summary", "main [role=status]", "details[open]"];
    const shown = parts.filter((part) => document.querySelector(part));
    return [document.documentElement.lang, kind, ...shown].join(" ");
  });
}

/** Half-faded texts have no contrast. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
}
