import { type Locator, type Page, devices } from "@playwright/test";

import { Board, CLOSING, FIRST, SECOND, THIRD, awake, register } from "./board";
import { expect, test } from "./post";
import { Mouse } from "./mouse";

const EAST = "Nav Prøveby øst";

/** What can be done with the chosen cards. */
const bar = (page: Page) => page.getByRole("region", { name: "Valgte deltakere" });
const pick = (page: Page, name: string) => page.getByRole("checkbox", { name: `Velg ${name}`, exact: true });

/** Opens a menu of the bar and chooses something in it. */
async function choose(page: Page, menu: string, item: string | RegExp): Promise<void> {
  await bar(page).getByRole("button", { name: menu }).click();
  await page.getByRole("menu", { name: menu }).getByRole("menuitem", { name: item }).click();
}

async function expectChosen(board: Board, ...names: string[]): Promise<void> {
  await expect(board.page.locator(".card[data-selected] .name")).toHaveText(names);
  for (const name of names) await expect(pick(board.page, name)).toBeChecked();
  await expect(bar(board.page)).toContainText(`${names.length} valgt`);
}

const ctrl = { modifiers: ["Control"] as ["Control"] };
const shift = { modifiers: ["Shift"] as ["Shift"] };
const meta = (card: Locator) => card.locator(".meta");

test("several are chosen with the mouse, moved together in their order, and taken back at once", async ({ board, page, samlop }) => {
  await board.fill(FIRST, "Ada En", "Bo To", "Cy Tre", "Di Fire", "Ed Fem");
  await expect(bar(page)).toHaveCount(0);
  const [tab] = await Promise.all([page.context().waitForEvent("page"), board.link("Ada En").click(ctrl)]);
  await expect(tab.getByRole("heading", { level: 1, name: "Ada En" })).toBeVisible();
  await tab.close();
  await expect(bar(page)).toHaveCount(0);
  await meta(board.card("Bo To")).click(ctrl);
  await expectChosen(board, "Bo To");
  await board.link("Cy Tre").click(ctrl);
  await expectChosen(board, "Bo To", "Cy Tre");
  await board.link("Cy Tre").click(ctrl);
  await expect(pick(page, "Ada En")).not.toBeChecked();
  await meta(board.card("Di Fire")).click(shift);
  await expectChosen(board, "Bo To", "Cy Tre", "Di Fire");
  await meta(board.card("Cy Tre")).click(ctrl);
  await expectChosen(board, "Bo To", "Di Fire");
  await pick(page, "Ed Fem").click();
  await pick(page, "Bo To").click();
  await expectChosen(board, "Di Fire", "Ed Fem");
  await meta(board.card("Ada En")).click(ctrl);
  await choose(page, "Flytt til …", SECOND);
  await expect(board.spoken).toHaveText(`3 deltakere er flyttet til ${SECOND}`);
  await board.expectOrder(SECOND, ["Ada En", "Di Fire", "Ed Fem"]);
  await expect(bar(page)).toHaveCount(0);
  await expect(board.link("Ada En")).toBeFocused();
  await page.getByRole("button", { name: "Angre" }).click();
  await expect(page.getByRole("status")).toContainText("Det er angret.");
  await board.expectOrder(SECOND, []);
  await board.expectKept(samlop, FIRST, ["Ada En", "Bo To", "Cy Tre", "Di Fire", "Ed Fem"]);
});

test("dragging one of the chosen takes all along, also into a closing phase that asks once", async ({ board, page, samlop }) => {
  await board.fill(FIRST, "Ada En", "Bo To", "Cy Tre", "Di Fire");
  await meta(board.card("Ada En")).click(ctrl);
  await meta(board.card("Cy Tre")).click(ctrl);
  const mouse = new Mouse(page);
  await mouse.lift(board.card("Cy Tre"));
  await expect(page.locator(".ghost")).toHaveAttribute("data-count", "2");
  await mouse.carryOver(board.phase(SECOND));
  await mouse.drop();
  await board.expectOrder(SECOND, ["Ada En", "Cy Tre"]);
  await board.expectOrder(FIRST, ["Bo To", "Di Fire"]);

  await meta(board.card("Bo To")).click(ctrl);
  await meta(board.card("Cy Tre")).click(ctrl);
  await choose(page, "Flytt til …", CLOSING);
  await expect(board.closingDialog).toContainText(`Flytt 2 deltakere til ${CLOSING}`);
  await page.keyboard.press("Escape");
  await board.expectOrder(FIRST, ["Bo To", "Di Fire"]);
  await expectChosen(board, "Bo To", "Cy Tre");
  await choose(page, "Flytt til …", CLOSING);
  await board.answerClosing("Har gått over i arbeid", "Arbeid, annet");
  await board.expectOrder(CLOSING, ["Bo To", "Cy Tre"]);
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("status")).toContainText("Det er angret.");
  await board.expectKept(samlop, FIRST, ["Bo To", "Di Fire"]);
  await board.expectOrder(SECOND, ["Ada En", "Cy Tre"]);
});

test("with the keyboard alone, and every step is said", async ({ board, page, samlop }) => {
  await board.fill(FIRST, "Ada En", "Bo To", "Cy Tre", "Di Fire");
  await board.link("Ada En").focus();
  await page.keyboard.press("x");
  await expect(board.spoken).toHaveText("Ada En er valgt. 1 valgt.");
  await expect(board.link("Ada En")).toBeFocused();
  await page.keyboard.press("Control+Space");
  await expect(board.spoken).toHaveText("Ada En er ikke valgt lenger. 0 valgt.");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(board.spoken).toHaveText("Cy Tre er valgt. 2 valgt.");
  await expect(board.link("Cy Tre")).toBeFocused();
  await expectChosen(board, "Bo To", "Cy Tre");
  await page.keyboard.press("Control+a");
  await expectChosen(board, "Ada En", "Bo To", "Cy Tre", "Di Fire");
  await page.keyboard.press("Escape");
  await expect(board.spoken).toHaveText("Ingen er valgt.");
  await expect(bar(page)).toHaveCount(0);
  await expect(board.link("Cy Tre")).toBeFocused();

  await page.keyboard.press("x");
  await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("Control+Enter");
  await expect(bar(page).getByRole("button", { name: "Flytt til …" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: FIRST })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await board.expectOrder(SECOND, ["Bo To", "Cy Tre"]);
  await expect(board.link("Bo To")).toBeFocused();
  await page.keyboard.press("Control+z");
  await board.expectOrder(FIRST, ["Ada En", "Bo To", "Cy Tre", "Di Fire"]);

  // Carried with the arrows, the others come along too.
  await board.link("Bo To").focus();
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("Space");
  await expect(board.spoken).toContainText("2 valgte er løftet.");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await board.expectKept(samlop, SECOND, ["Ada En", "Bo To"]);
});

test("one contact is chosen for several, and they are followed and left", async ({ as, board, page, track, post }) => {
  for (const name of ["Ada En", "Bo To"]) await register(page, track, { name, phase: FIRST, navOffice: EAST });
  await board.open();
  await meta(board.card("Ada En")).click(ctrl);
  await meta(board.card("Bo To")).click(ctrl);
  const before = post.to("nav@example.no").length;
  await choose(page, "Kontakt i Nav …", /^Nav-kontakt Prøve/);
  await expect(board.spoken).toHaveText("Ny kontakt: 2 deltakere");
  for (const name of ["Ada En", "Bo To"]) await expect(board.card(name).locator(".people")).toContainText("NP");
  await expect.poll(() => post.to("nav@example.no").slice(before).filter((mail) => mail.subject.includes("2 deltakere")).length).toBe(1);
  await expectChosen(board, "Ada En", "Bo To");
  await bar(page).getByRole("button", { name: "Slutt å følge" }).click();
  await expect(board.spoken).toHaveText("Du har sluttet å følge 2 deltakere");
  await page.getByRole("button", { name: "Angre" }).click();
  await expect(page.getByRole("status")).toContainText("Det er angret.");
  await bar(page).getByRole("button", { name: "Følg", exact: true }).click();
  await expect(page.getByRole("status")).toContainText("Ingenting er endret: det var slik allerede.");
  await bar(page).getByRole("button", { name: "Avslutt valget" }).click();
  await expect(bar(page)).toHaveCount(0);
  const nav = await as("nav");
  await nav.goto(`/tracks/${track}`);
  await expect(nav.locator(".card .people").first()).toContainText("NP");
});

test("a card that somebody else has moved stops all of them, is named, and the rest goes on in one press", async ({ as, board, page, track }) => {
  for (const name of ["Ada En", "Bo To", "Cy Tre"]) await register(page, track, { name, phase: FIRST, navOffice: EAST });
  await board.cutOff();
  await board.open();
  for (const name of ["Ada En", "Bo To", "Cy Tre"]) await meta(board.card(name)).click(ctrl);
  const nav = new Board(await as("nav"), track);
  await nav.open();
  await nav.moveByMenu("Bo To", THIRD);
  await choose(page, "Flytt til …", SECOND);
  await expect(board.refusal).toContainText(/Bo To: Nav-kontakt Prøve flyttet .*Karriereveiledning/);
  await board.expectNames(FIRST, ["Ada En", "Cy Tre"]);
  await board.expectNames(THIRD, ["Bo To"]);
  await page.getByRole("button", { name: "Fortsett med de andre (2)" }).click();
  await board.expectNames(SECOND, ["Ada En", "Cy Tre"]);
});

test("what somebody has built upon is not taken back, and is named", async ({ as, board, page, track }) => {
  for (const name of ["Ada En", "Bo To"]) await register(page, track, { name, phase: FIRST, navOffice: EAST });
  await board.open();
  await board.link("Ada En").focus();
  await page.keyboard.press("Control+a");
  await choose(page, "Flytt til …", SECOND);
  await board.expectOrder(SECOND, ["Ada En", "Bo To"]);
  const nav = new Board(await as("nav"), track);
  await nav.open();
  await nav.moveByMenu("Bo To", THIRD);
  await page.getByRole("button", { name: "Angre" }).click();
  await expect(board.refusal).toContainText(/Kan ikke angres.*Bo To \(Nav-kontakt Prøve/);
  await board.expectOrder(SECOND, ["Ada En"]);
});

test("what is chosen stays so when others move it, and is not chosen any more when it is gone", async ({ as, board, page, track }) => {
  for (const name of ["Ada En", "Bo To"]) await register(page, track, { name, phase: FIRST, navOffice: EAST });
  await board.open();
  await board.link("Ada En").focus();
  await page.keyboard.press("Control+a");
  await pick(page, "Ada En").focus();
  const nav = new Board(await as("nav"), track);
  await nav.open();
  await nav.moveByMenu("Ada En", THIRD);
  await board.expectNames(THIRD, ["Ada En"]);
  await expectChosen(board, "Bo To", "Ada En");
  await expect(pick(page, "Ada En")).toBeFocused();
});

test("whoever sees moves of many on another board sees each of them", async ({ as, board, page, track }) => {
  for (const name of ["Ada En", "Bo To", "Cy Tre"]) await register(page, track, { name, phase: FIRST, navOffice: EAST });
  await board.open();
  const nav = new Board(await as("nav"), track);
  await nav.open();
  await board.link("Ada En").focus();
  await page.keyboard.press("Control+a");
  await choose(page, "Flytt til …", SECOND);
  await nav.expectNames(SECOND, ["Ada En", "Bo To", "Cy Tre"]);
});

test.describe("with a finger", () => {
  const phone = devices["Pixel 7"];
  const options = { viewport: phone.viewport, hasTouch: true, isMobile: true, userAgent: phone.userAgent };

  test("cards are chosen by tapping, once the button is pressed", async ({ as, board, page, track }) => {
    await board.fill(FIRST, "Ada En", "Bo To", "Cy Tre");
    const hand = await as("inn", options);
    await hand.goto(`/tracks/${track}`);
    await awake(hand);
    const start = hand.getByRole("button", { name: "Velg flere" });
    await start.tap();
    await expect(start).toHaveAttribute("aria-pressed", "true");
    await expect(bar(hand)).toContainText("Trykk på dem du vil velge");
    await hand.getByRole("link", { name: "Ada En" }).tap();
    await pick(hand, "Cy Tre").tap();
    await expect(bar(hand)).toContainText("2 valgt");
    await expect(hand).toHaveURL(new RegExp(`/tracks/${track}$`));
    await bar(hand).getByRole("button", { name: "Flytt til …" }).tap();
    await hand.getByRole("menuitem", { name: SECOND }).tap();
    await expect(hand.getByRole("region", { name: SECOND }).locator(".card > .name")).toHaveText(["Ada En", "Cy Tre"]);
    await expect(start).toHaveAttribute("aria-pressed", "false");
    await hand.getByRole("link", { name: "Bo To" }).tap();
    await expect(hand.getByRole("heading", { level: 1, name: "Bo To" })).toBeVisible();
    await page.close();
  });
});

test.describe("without a script", () => {
  test("a list with checkboxes does the same, and tells what is missing", async ({ as, track, page }) => {
    for (const name of ["Ada En", "Bo To", "Cy Tre"]) await register(page, track, { name, phase: FIRST, navOffice: EAST });
    const plain = await as("inn", { javaScriptEnabled: false });
    await plain.goto(`/tracks/${track}`);
    await plain.getByRole("button", { name: "Velg flere" }).click();
    await expect(plain.getByRole("heading", { level: 1, name: /^Velg flere i/ })).toBeVisible();
    await plain.getByRole("button", { name: `Flytt til ${SECOND}` }).click();
    await expect(plain.locator(".ds-error-summary li")).toHaveText([/^Deltakere/]);
    const group = plain.getByRole("group", { name: FIRST });
    await group.getByLabel("Ada En").check();
    await group.getByLabel("Bo To").check();
    await plain.getByRole("button", { name: `Flytt til ${CLOSING}` }).click();
    await expect(plain.locator(".ds-error-summary li")).toHaveText([/^Årsak/, /^Utfall/]);
    await expect(group.getByLabel("Bo To")).toBeChecked();
    await expect(group.getByLabel("Cy Tre")).not.toBeChecked();

    // Somebody else is faster; the same button goes on with the rest.
    const nav = new Board(await as("nav"), track);
    await nav.open();
    await nav.moveByMenu("Bo To", THIRD);
    const toSecond = plain.getByRole("button", { name: `Flytt til ${SECOND}` });
    await plain.goto(`/tracks/${track}/select`);
    await group.getByLabel("Ada En").check();
    await plain.getByRole("group", { name: THIRD }).getByLabel("Bo To").check();
    await nav.moveByMenu("Bo To", FIRST);
    await toSecond.click();
    await expect(plain.getByRole("alert")).toContainText(/Bo To: Nav-kontakt Prøve flyttet/);
    await expect(group.getByLabel("Bo To")).not.toBeChecked();
    await expect(group.getByLabel("Ada En")).toBeChecked();
    await toSecond.click();
    await expect(plain.getByRole("status")).toHaveText("Flyttet: 1 deltaker");
    await expect(plain.getByRole("group", { name: SECOND }).getByLabel("Ada En")).toBeVisible();
    await plain.getByRole("button", { name: "Angre" }).click();
    await expect(group.getByLabel("Ada En")).toBeVisible();

    await group.getByLabel("Ada En").check();
    await group.getByLabel("Bo To").check();
    const contact = plain.getByLabel("Kontakt i Nav");
    await plain.getByRole("button", { name: "Sett kontakt i Nav" }).click();
    await expect(plain.locator(".ds-error-summary li")).toHaveText([/^Kontakt i Nav/]);
    await expect(group.getByLabel("Bo To"), "what was chosen is still chosen").toBeChecked();
    await contact.selectOption(await contact.locator("option").filter({ hasText: /^Nav-kontakt/ }).first().getAttribute("value"));
    await plain.getByRole("button", { name: "Sett kontakt i Nav" }).click();
    await expect(plain.getByRole("status")).toHaveText("Ny kontakt: 2 deltakere");
    await group.getByLabel("Ada En").check();
    await plain.getByRole("button", { name: "Slutt å følge" }).click();
    await expect(plain.getByRole("status")).toHaveText("Du har sluttet å følge 1 deltaker");
  });
});
