import { type Page } from "@playwright/test";

import { Board, FIRST, SECOND, THIRD, register, send } from "./board";
import { expect, test } from "./fixtures";
import { Mouse } from "./mouse";

/** Gives a phase rules, as an administrator does. */
async function setRules(admin: Page, track: string, phase: string, set: (page: Page) => Promise<void>): Promise<void> {
  await admin.goto(`/admin/tracks/${track}`);
  await admin.getByRole("link", { name: phase, exact: true }).click();
  await set(admin);
  await admin.getByRole("button", { name: "Lagre" }).click();
  await expect(admin.getByRole("status")).toHaveText("Fasen er lagret");
}

const reasonAndGoal = async (page: Page) => {
  await page.getByLabel("Årsak, med egne ord").check();
  await page.getByLabel("Utfall", { exact: true }).check();
};

test("a card that is dropped into such a phase goes back until the form is filled, and cancelling leaves it there", async ({ as, board, page, track }) => {
  await setRules(await as("admin", { javaScriptEnabled: false }), track, SECOND, reasonAndGoal);
  await board.fill(FIRST, "Ada En");
  const mouse = new Mouse(page);
  await mouse.drag(board.card("Ada En"), board.phase(SECOND).locator(".cards"));
  await expect(board.closingDialog.getByRole("heading")).toHaveText(`Flytt Ada En til ${SECOND}`);
  await board.expectOrder(FIRST, ["Ada En"]);
  await board.closingDialog.getByRole("button", { name: "Avbryt" }).click();
  await expect(board.closingDialog).toHaveCount(0);
  await board.expectOrder(FIRST, ["Ada En"]);

  await mouse.drag(board.card("Ada En"), board.phase(SECOND).locator(".cards"));
  const submit = board.closingDialog.getByRole("button", { name: "Flytt", exact: true });
  await submit.click();
  await expect(board.closingDialog.getByText("Fyll ut", { exact: false }).first()).toBeVisible();
  await board.closingDialog.getByLabel("Årsak").fill("Fikk plass på kurs");
  await board.closingDialog.getByLabel("Utfall").selectOption("Utdanning");
  await submit.click();
  await board.expectMoved("Ada En", SECOND);
  await board.expectOrder(SECOND, ["Ada En"]);
  await board.link("Ada En").click();
  await expect(page.getByText("Årsak: Fikk plass på kurs. Utfall: Utdanning.")).toBeVisible();
});

test("by keyboard only: escape leaves the card where it was, and the form takes the answer", async ({ as, board, page, track }) => {
  await setRules(await as("admin", { javaScriptEnabled: false }), track, SECOND, async (admin) => {
    await admin.getByLabel("Årsak, med egne ord").check();
  });
  await board.fill(FIRST, "Ada En");
  const choose = async () => {
    await board.menuButton("Ada En").press("Enter");
    // The phase in which it is can't be chosen, so that the first choice is the second phase.
    await expect(page.getByRole("menuitem", { name: `Flytt til ${SECOND}` })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(board.closingDialog).toBeVisible();
  };
  await choose();
  await page.keyboard.press("Escape");
  await expect(board.closingDialog).toHaveCount(0);
  await board.expectOrder(FIRST, ["Ada En"]);
  await choose();
  await expect(board.closingDialog.getByLabel("Årsak")).toBeFocused();
  await page.keyboard.type("Ferdig kartlagt");
  await page.keyboard.press("Enter");
  await board.expectMoved("Ada En", SECOND);
});

test("what must be known of the participant is named with a link to where it is filled in, also without a script", async ({ as, board, page, track }) => {
  await setRules(await as("admin", { javaScriptEnabled: false }), track, SECOND, async (admin) => {
    await admin.getByLabel("Mål", { exact: true }).check();
  });
  await board.fill(FIRST, "Ada En");
  await board.menuButton("Ada En").click();
  await page.getByRole("menuitem", { name: `Flytt til ${SECOND}` }).click();
  const link = board.closingDialog.getByRole("link", { name: "Mål" });
  await expect(link).toHaveAttribute("href", /\/participants\/.+\/edit$/);
  await board.closingDialog.getByRole("button", { name: "Avbryt" }).click();

  const plain = await as("inn", { javaScriptEnabled: false });
  const other = new Board(plain, track);
  await other.open();
  await other.menuButton("Ada En").click();
  await plain.getByRole("link", { name: `Flytt til ${SECOND}` }).click();
  await plain.getByRole("button", { name: "Flytt", exact: true }).click();
  await expect(plain.getByRole("group", { name: /Du må rette dette/ })).toContainText("Mål: Er ikke i orden på deltakeren. Rett det der først.");
  await plain.getByRole("listitem").getByRole("link", { name: "Mål", exact: true }).click();
  await plain.getByLabel("Mål").fill("Helsefagarbeider");
  await plain.getByRole("button", { name: "Lagre" }).click();

  // The open board hears of it, and lets the card in without a question.
  await board.moveByMenu("Ada En", SECOND);
});

test("a phase makes tasks for the contacts, and taking the move back takes them too", async ({ as, page, board, track }) => {
  await setRules(await as("admin", { javaScriptEnabled: false }), track, SECOND, async (admin) => {
    const task = admin.getByRole("group", { name: "Oppgave 1" });
    await task.getByLabel("Hva skal gjøres?").fill("Avtal trepartsmøte");
    await task.getByLabel("Hvem?").selectOption("nav_contact");
    await task.getByLabel("Frist etter").fill("5");
    await task.getByLabel("Telles i").selectOption("working_days");
  });
  await register(page, track, { name: "Ada En", phase: FIRST, navContact: "Nav-kontakt Prøve", navOffice: "Nav Prøveby øst" });
  await board.open();
  await board.moveByMenu("Ada En", SECOND);
  await expect(board.card("Ada En").locator(".task")).toContainText("Avtal trepartsmøte");
  const nav = await as("nav");
  await nav.goto("/tasks");
  await expect(nav.getByRole("link", { name: "Avtal trepartsmøte" })).toBeVisible();
  await page.getByRole("button", { name: "Angre" }).click();
  await board.expectOrder(FIRST, ["Ada En"]);
  await expect(board.card("Ada En").locator(".task")).toHaveText("Ingen neste oppgave");
  await nav.reload();
  await expect(nav.getByRole("link", { name: "Avtal trepartsmøte" })).toHaveCount(0);
});

test("a form that ignores the rules is refused by the server", async ({ as, board, page, track }) => {
  await setRules(await as("admin", { javaScriptEnabled: false }), track, THIRD, reasonAndGoal);
  await board.fill(FIRST, "Ada En");
  const card = (await board.card("Ada En").getAttribute("id"))!;
  const phase = (await board.phase(THIRD).getAttribute("data-phase"))!;
  const from = await page.request.get(`/tracks/${track}/move?card=${card}`);
  const forged = { "form[enrolment]": card, "form[version]": "1", "form[to]": phase };
  const answer = await send(page, from, "/api/board/move-card", forged);
  expect(answer.status()).toBe(422);
  await board.open();
  await board.expectOrder(FIRST, ["Ada En"]);
});

test("of several chosen cards the one that lacks something is named, and the others go on without it", async ({ as, board, page, track }) => {
  await setRules(await as("admin", { javaScriptEnabled: false }), track, SECOND, async (admin) => {
    await admin.getByLabel("Kontakt i Nav").check();
    await admin.getByLabel("Årsak, med egne ord").check();
  });
  const known = { phase: FIRST, navContact: "Nav-kontakt Prøve", navOffice: "Nav Prøveby øst" };
  for (const name of ["Ada En", "Cy Tre", "Di Fire"]) await register(page, track, { ...known, name });
  await board.fill(FIRST, "Bo To");
  for (const name of ["Ada En", "Bo To", "Cy Tre"]) {
    await board.card(name).locator(".meta").click({ modifiers: ["Control"] });
  }
  await page.getByRole("region", { name: "Valgte deltakere" }).getByRole("button", { name: "Flytt til …" }).click();
  await page.getByRole("menuitem", { name: SECOND }).click();
  await expect(board.refusal).toContainText("Bo To: Kontakt i Nav.");
  await board.expectOrder(FIRST, ["Ada En", "Cy Tre", "Di Fire", "Bo To"]);
  await page.getByRole("button", { name: "Fortsett med de andre (2)" }).click();
  await board.closingDialog.getByLabel("Årsak").fill("Kurset begynner");
  await board.closingDialog.getByRole("button", { name: "Flytt", exact: true }).click();
  await board.expectOrder(SECOND, ["Ada En", "Cy Tre"]);
  await board.expectOrder(FIRST, ["Di Fire", "Bo To"]);

  const plain = await as("inn", { javaScriptEnabled: false });
  await plain.goto(`/tracks/${track}/select`);
  const group = plain.getByRole("group", { name: FIRST });
  await group.getByLabel("Bo To").check();
  await group.getByLabel("Di Fire").check();
  await plain.getByLabel("Årsak med egne ord").fill("Kurset begynner");
  await plain.getByRole("button", { name: `Flytt til ${SECOND}` }).click();
  await expect(plain.getByText("Bo To: Kontakt i Nav.")).toBeVisible();
  await expect(group.getByLabel("Bo To")).not.toBeChecked();
  await expect(group.getByLabel("Di Fire")).toBeChecked();
  await plain.getByRole("button", { name: `Flytt til ${SECOND}` }).click();
  await expect(group.getByLabel("Di Fire")).toHaveCount(0);
});
