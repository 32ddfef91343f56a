import { type Page } from "@playwright/test";

import { FIRST, SECOND, awake, register } from "./board";
import { day } from "./days";
import { expect, test } from "./fixtures";
import { keepView } from "./keep_view";

const keptLink = (page: Page, name: string) => page.getByRole("navigation", { name: "Lagrede visninger" }).getByRole("link", { name });

test("one press shows who needs action with the reason, and the address keeps it", async ({ board, page, track }) => {
  const record = await register(page, track, { name: "Har Oppgave", phase: FIRST });
  await register(page, track, { name: "Uten Oppgave", phase: FIRST });
  await page.goto(`${record}/tasks/new`);
  await page.getByLabel("Tittel").fill("Ring");
  await page.getByLabel("Frist").fill(day(365));
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
  await board.open();
  await expect(board.card("Uten Oppgave")).toContainText("Ingen neste oppgave");
  await page.getByRole("link", { name: "Trenger tiltak" }).click();
  await board.expectNames(FIRST, ["Uten Oppgave"]);
  await expect(board.phase(FIRST).locator("header .count")).toHaveText("2");
  await expect(page.locator(".view-count")).toHaveText("Viser 1");
  await page.reload();
  await board.expectNames(FIRST, ["Uten Oppgave"]);
  await page.getByRole("link", { name: "Vis alle" }).click();
  await board.expectNames(FIRST, ["Har Oppgave", "Uten Oppgave"]);
});

test("filters combine by keyboard alone, and others' changes come and go by what is chosen", async ({ as, board, page, track }) => {
  const record = await register(page, track, { name: "Ada En", phase: FIRST, innContact: "Inn-kontakt Prøve" });
  await register(page, track, { name: "Bo To", phase: FIRST });
  await board.open();
  await page.getByRole("link", { name: "Filter", exact: true }).press("Enter");
  await expect(page.getByLabel("Navn eller referanse")).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.type("Meg");
  await page.keyboard.press("Enter");
  await page.getByLabel("Venter på").press("End");
  await page.getByRole("button", { name: "Vis", exact: true }).press("Enter");
  await expect(page).toHaveURL(new RegExp(`/tracks/${track}\\?.*inn=me.*waiting=participant`));
  await expect(board.phase(FIRST)).toContainText("Ingen i denne fasen passer filteret.");

  const colleague = await as("leder");
  await colleague.goto(record);
  await colleague.getByLabel("Hvem har neste steg?").selectOption({ label: "deltaker" });
  await colleague.getByRole("button", { name: "Lagre hvem vi venter på" }).click();
  await board.expectNames(FIRST, ["Ada En"]);
  await expect(page.locator(".view-count")).toHaveText("Viser 1");
  await colleague.getByLabel("Hvem har neste steg?").selectOption({ label: "Nav" });
  await colleague.getByRole("button", { name: "Lagre hvem vi venter på" }).click();
  await board.expectNames(FIRST, []);
});

test("a card is moved in a view as on the whole board", async ({ board, page, samlop, track }) => {
  await board.fill(FIRST, "Ada En", "Bo To", "Cy Tre");
  await page.goto(`/tracks/${track}?q=to`);
  await awake(page);
  await board.expectNames(FIRST, ["Bo To"]);
  await board.moveByMenu("Bo To", SECOND);
  await board.open();
  await board.expectOrder(SECOND, ["Bo To"]);
  await board.expectKept(samlop, FIRST, ["Ada En", "Cy Tre"]);
});

test("a view is kept, shared with the unit, begun with, and deleted, without a script", async ({ as, track }) => {
  const page = await as("inn", { javaScriptEnabled: false });
  await page.goto(`/tracks/${track}?waiting=nav&filters=open`);
  await page.getByLabel("Navn på visningen").fill(`Hos Nav ${track}`);
  await page.getByLabel("Del med alle i enheten min").check();
  await page.getByRole("button", { name: "Lagre visning" }).click();
  await expect(page.getByRole("status")).toHaveText("Visningen er lagret.");
  const kept = page.getByRole("region", { name: "Lagrede visninger" });
  await expect(keptLink(page, `Hos Nav ${track}`)).toHaveAttribute("href", `/tracks/${track}?waiting=nav`);

  const colleague = await as("leder", { javaScriptEnabled: false });
  await colleague.goto("/participants");
  await colleague.getByRole("button", { name: `Bruk Hos Nav ${track} som startside` }).click();
  await colleague.goto("/");
  await expect(colleague).toHaveURL(new RegExp(`/tracks/${track}\\?waiting=nav$`));
  await colleague.goto("/participants");
  await expect(colleague.getByRole("button", { name: `Slett visningen Hos Nav ${track}` })).toHaveCount(0);
  await colleague.getByRole("button", { name: `Ikke bruk Hos Nav ${track} som startside` }).click();
  await colleague.goto("/");
  await expect(colleague).toHaveURL(/\/tracks$/);

  await kept.getByRole("button", { name: `Slett visningen Hos Nav ${track}` }).click();
  await expect(page.getByRole("link", { name: `Hos Nav ${track}` })).toHaveCount(0);
});

test("an unknown filter is named, and the rest is shown", async ({ page, track, board, expectComplaint }) => {
  await register(page, track, { name: "Ada En", phase: FIRST });
  expectComplaint(/422/);
  await page.goto(`/tracks/${track}?inn=none&waiting=kari&view=alt`);
  await expect(page.getByRole("main")).toContainText("Dette filteret finnes ikke: waiting=kari, view=alt.");
  await board.expectNames(FIRST, ["Ada En"]);
});

test("a name that is taken is refused, what was typed is still there, and the view can be replaced", async ({ page, track, expectComplaint }) => {
  const keep = (flag: string) => keepView(page, `/tracks/${track}?flag=${flag}`, `Frister ${track}`);
  await keep("overdue");
  await expect(page.getByRole("status")).toHaveText("Visningen er lagret.");
  expectComplaint(/422/);
  await keep("today");
  await expect(page.locator(".ds-error-summary")).toContainText("Dette finnes fra før.");
  await expect(page.locator(".ds-error-summary"), "it is below all filters").toBeFocused();
  await expect(page.getByLabel("Navn på visningen")).toHaveValue(`Frister ${track}`);
  await page.getByLabel("Erstatt visningen din som har dette navnet").check();
  await page.getByRole("button", { name: "Lagre visning" }).click();
  await expect(page.getByRole("status")).toHaveText("Visningen er lagret.");
  await expect(page.getByRole("link", { name: `Frister ${track}` })).toHaveAttribute("href", `/tracks/${track}?flag=today`);
});

test("by keyboard alone a kept view gets another name, is shared, and a name that is taken is told", async ({ page, track, expectComplaint }) => {
  for (const [name, flag] of [["Frister", "overdue"], ["Nye", "today"]]) {
    await keepView(page, `/tracks/${track}?flag=${flag}`, `${name} ${track}`);
    await expect(page.getByRole("status")).toHaveText("Visningen er lagret.");
  }
  const kept = page.getByRole("region", { name: "Lagrede visninger" });
  const change = kept.getByRole("form", { name: `Endre visningen Nye ${track}` });
  const rename = async (name: string) => {
    const field = change.getByLabel("Navn på visningen");
    await field.focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(`${name} ${track}`);
    await page.keyboard.press("Enter");
  };
  await kept.getByRole("listitem").filter({ hasText: `Nye ${track}` }).locator("summary").focus();
  await page.keyboard.press("Enter");
  expectComplaint(/422/);
  await rename("Frister");
  await expect(change.locator(".ds-error-summary")).toContainText("Dette finnes fra før.");
  await expect(change.locator(".ds-error-summary")).toBeFocused();
  await expect(change.getByLabel("Navn på visningen")).toHaveValue(`Frister ${track}`);
  await change.getByLabel("Del med alle i enheten min").press("Space");
  await rename("Med frist i dag");
  await expect(page.getByRole("status")).toHaveText("Visningen er lagret.");
  const row = kept.getByRole("listitem").filter({ hasText: `Med frist i dag ${track}` });
  await expect(row).toContainText("Delt med enheten");
  await expect(keptLink(page, `Med frist i dag ${track}`)).toHaveAttribute("href", `/tracks/${track}?flag=today`);
});

test("a kept view of the list is one press away, above the list, and a link leads to what can be done with it", async ({ page, track }) => {
  await keepView(page, "/participants?waiting=nav&flag=overdue", `Haster ${track}`);
  await expect(keptLink(page, `Haster ${track}`)).not.toHaveAttribute("aria-current");
  await keptLink(page, `Haster ${track}`).click();
  await expect(page).toHaveURL(/\/participants\?[^?]*waiting=nav[^?]*$/);
  await expect(keptLink(page, `Haster ${track}`)).toHaveAttribute("aria-current", "page");
  await page.getByRole("link", { name: "Flere valg" }).click();
  await expect(page.getByRole("heading", { name: "Lagrede visninger" })).toBeInViewport();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("region", { name: "Lagrede visninger" }).locator(":focus")).toBeVisible();
});

test("the list over all tracks says where everybody is, and ready-made views count", async ({ page, track }) => {
  await register(page, track, { name: `Liste ${track}`, phase: FIRST });
  await page.goto("/participants");
  await page.getByRole("link", { name: /^Trenger tiltak \d+$/ }).click();
  await expect(page.getByRole("link", { name: /^Trenger tiltak/ })).toHaveAttribute("aria-current", "page");
  await page.goto(`/participants?q=${encodeURIComponent(`liste ${track}`)}`);
  const row = page.getByRole("main").getByRole("listitem").filter({ hasText: `Liste ${track}` });
  await expect(row.first()).toContainText(`${FIRST} · 0 dager`);
  await expect(row.first()).toContainText("Ingen neste oppgave");
});
