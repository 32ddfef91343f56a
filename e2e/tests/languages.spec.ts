import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { type Page } from "@playwright/test";

import { CLOSING, FIRST, SECOND, THIRD, Board, awake } from "./board";
import { expect, test } from "./fixtures";
import { LONG_NAME, everyPage } from "./pages";

type Language = "nb" | "nn" | "en";

const LANGUAGES: { tag: Language; button: string; tasks: string }[] = [
  { tag: "nn", button: "Nynorsk", tasks: "Mine oppgåver" },
  { tag: "en", button: "English", tasks: "My tasks" },
  { tag: "nb", button: "Bokmål", tasks: "Mine oppgaver" },
];

/** Everything that Samløp says, by language. */
const TEXTS = (() => {
  const yaml = readFileSync(resolve(__dirname, "../../app/locales/texts.yaml"), "utf8");
  const said = (tag: Language) => [...yaml.matchAll(new RegExp(`^ +${tag}: "(.*)"$`, "gm"))].map((match) => match[1]);
  return { nb: new Set(said("nb")), nn: new Set(said("nn")), en: new Set(said("en")) };
})();

/** Lines of the page that are a text of another language, and texts whose parameters were not filled. */
async function notTranslated(page: Page, tag: Language): Promise<string[]> {
  // A language's name is always in that language, and phases are called what the office calls them.
  const names = [...LANGUAGES.map(({ button }) => button), "Integreringsplan"];
  const lines = (await page.locator("body").innerText()).split("\n").map((line) => line.trim());
  const labels = await page
    .locator("[aria-label]")
    .evaluateAll((elements) => elements.map((element) => element.getAttribute("aria-label")!));
  const isForeign = (line: string) => LANGUAGES.some((other) => TEXTS[other.tag].has(line)) && !TEXTS[tag].has(line);
  return [...lines, ...labels].filter((line) => (isForeign(line) && !names.includes(line)) || /%\{|\{\{/.test(line));
}

test("every page speaks the language that one chooses, and none of its texts another", async ({ as, page: owner, samlop, track }) => {
  test.slow();
  expect(TEXTS.nn.size).toBeGreaterThan(150);
  const visits = await everyPage(owner, track);
  const [worker, administrator] = [`ord-${track}@example.no`, `post-${track}@example.no`] as const;
  await samlop.createUser({ email: worker, name: "Språk Prøve", role: "inn-adviser", organisation: "INN Prøveby" });
  await samlop.createUser({ email: administrator, name: "Språk Post", role: "administrator", organisation: "INN Prøveby" });
  const windows = { inn: await as(worker), nav: await as(worker), admin: await as(administrator), nobody: await as("nobody") };
  for (const { tag, button, tasks } of LANGUAGES) {
    for (const window of Object.values(windows)) {
      await window.goto("/accessibility");
      await window.getByRole("button", { name: button }).click();
      await expect(window).toHaveURL(/\/accessibility$/);
      await expect(window.locator("html")).toHaveAttribute("lang", tag);
    }
    for (const { who, path } of visits) {
      const window = windows[who as keyof typeof windows];
      await window.goto(path);
      await expect(window.locator("html")).toHaveAttribute("lang", tag);
      expect(await notTranslated(window, tag), `${path} in ${tag}`).toEqual([]);
    }
    await windows.inn.goto("/tracks");
    await expect(windows.inn.getByRole("link", { name: tasks })).toBeVisible();
  }
});

test("what only appears with a script speaks the language too", async ({ as, page: owner, samlop, track }) => {
  const email = `skript-${track}@example.no` as const;
  await samlop.createUser({ email, name: "Språk Prøve", role: "inn-adviser", organisation: "INN Prøveby" });
  await new Board(owner, track).fill(FIRST, LONG_NAME);
  const page = await as(email);
  const words = {
    nn: { move: "Flytt", moved: "er flytta til", to: "Flytt til" },
    en: { move: "Move", moved: "was moved to", to: "Move to" },
  };
  for (const [tag, phase] of [["nn", SECOND], ["en", THIRD]] as const) {
    await page.goto("/accessibility");
    await page.getByRole("button", { name: LANGUAGES.find((it) => it.tag === tag)!.button }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", tag);
    await page.goto(`/tracks/${track}`);
    await awake(page);
    await page.getByRole("button", { name: `${words[tag].move} ${LONG_NAME}` }).click();
    expect(await notTranslated(page, tag), "menu").toEqual([]);
    await page.getByRole("menuitem", { name: `${words[tag].to} ${phase}` }).click();
    await expect(page.locator("[aria-live=assertive]")).toHaveText(`${LONG_NAME} ${words[tag].moved} ${phase}`);
    await page.getByRole("button", { name: `${words[tag].move} ${LONG_NAME}` }).click();
    await page.getByRole("menuitem", { name: `${words[tag].to} ${CLOSING}` }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await page.getByRole("dialog").getByRole("button", { name: words[tag].move, exact: true }).click();
    expect(await notTranslated(page, tag), "dialog").toEqual([]);
  }
});

test("before login the browser's language is used, and another can be chosen", async ({ as }) => {
  const page = await as("nobody", { locale: "en-GB" });
  await page.goto("/login");
  await expect(page.getByRole("heading", { level: 1, name: "Log in" })).toBeVisible();
  await page.getByRole("button", { name: "Nynorsk" }).click();
  await expect(page).toHaveURL(/\/login$/);
  await expect(page.locator("html")).toHaveAttribute("lang", "nn");
});

test("the choice is kept with the account, also in another browser", async ({ as, samlop, track }) => {
  const email = `kept-${track}@example.no` as const;
  await samlop.createUser({ email, name: "Språk Prøve", role: "inn-adviser", organisation: "INN Prøveby" });
  const here = await as(email);
  await here.goto("/tracks");
  await here.getByRole("button", { name: "Nynorsk" }).click();
  await expect(here.locator("html")).toHaveAttribute("lang", "nn");
  const there = await as(email, { locale: "en-GB" });
  await there.goto("/tracks");
  await expect(there.locator("html")).toHaveAttribute("lang", "nn");
});
