import { type Page } from "@playwright/test";

import { FIRST, SECOND, THIRD, awake } from "./board";
import { expect, test } from "./fixtures";

/** The names of the phases on the administrator's page. */
const names = (page: Page) => page.locator(".phase-list h3");

test("an administrator makes a track from a template, changes it, and it is a board", async ({ as }) => {
  const admin = await as("admin");
  await admin.goto("/admin/tracks");
  await admin.getByRole("link", { name: "Nytt løp", exact: true }).click();
  await admin.getByRole("button", { name: "Lag løpet" }).click();
  await expect(admin.getByRole("group", { name: /Du må rette dette/ }).getByRole("link")).toHaveText([/^Navn: Fyll ut/]);
  await admin.getByLabel("Navn").fill("Vår vei");
  await admin.getByLabel("Mal").selectOption({ label: "Tomt: én start og én slutt" });
  await admin.getByRole("button", { name: "Lag løpet" }).click();
  await expect(admin.getByRole("status")).toHaveText("Løpet er laget");
  await expect(admin).toHaveURL(/\/admin\/tracks\/var-vei/);
  await expect(names(admin)).toHaveText(["Start", "Avsluttet"]);

  await admin.getByRole("region", { name: "Ny fase" }).getByLabel("Navn").fill("Praksis");
  await admin.getByRole("button", { name: "Lag fasen" }).click();
  await expect(names(admin)).toHaveText(["Start", "Praksis", "Avsluttet"]);

  await admin.getByRole("link", { name: "Praksis" }).click();
  await admin.getByLabel("Grense for antall deltakere").fill("mange");
  await admin.getByLabel("Avtalt antall dager i fasen").fill("90");
  await admin.getByRole("button", { name: "Lagre" }).click();
  await expect(admin.getByText("Skriv et helt tall fra 1 til 1000.").last()).toBeVisible();
  await expect(admin.getByLabel("Avtalt antall dager i fasen")).toHaveValue("90");
  await admin.getByLabel("Grense for antall deltakere").fill("1");
  await admin.getByRole("button", { name: "Lagre" }).click();
  await expect(admin.getByText("0 deltakere · grense 1 · avtalt 90 dager")).toBeVisible();

  const inn = await as("inn");
  await inn.goto("/tracks/var-vei");
  await expect(inn.getByRole("region", { name: "Praksis" }).locator("header .count")).toHaveText("0 av 1");
});

test("phases are ordered with the buttons, by keyboard only and without a script", async ({ as, track }) => {
  const admin = await as("admin", { javaScriptEnabled: false });
  await admin.goto(`/admin/tracks/${track}`);
  await admin.getByRole("button", { name: `Flytt opp: ${SECOND}` }).press("Enter");
  await expect(admin.getByRole("status")).toHaveText("Fasen er flyttet");
  await expect(names(admin).nth(0)).toHaveText(SECOND);
  await expect(names(admin).nth(1)).toHaveText(FIRST);
  // The phase has the focus, so that the next press of tab comes to its link and buttons.
  await expect(admin.locator(".phase-list > li").first()).toBeFocused();
  await admin.getByRole("button", { name: `Flytt ned: ${SECOND}` }).press("Enter");
  await expect(names(admin).nth(1)).toHaveText(SECOND);
  await expect(admin.getByRole("button", { name: `Flytt opp: ${FIRST}` })).toHaveCount(0);
  await expect(admin.getByRole("button", { name: "Flytt opp: Avsluttet" })).toHaveCount(0);
  await expect(admin.getByRole("button", { name: "Flytt ned: Oppfølging" })).toHaveCount(0);
});

test("a phase is dragged with the mouse, but never behind the end", async ({ as, track }) => {
  const admin = await as("admin");
  await admin.goto(`/admin/tracks/${track}`);
  await awake(admin);
  await drag(admin, FIRST, THIRD);
  await expect(admin.getByRole("status")).toHaveText("Fasen er flyttet");
  await expect(names(admin).nth(2)).toHaveText(FIRST);
  await awake(admin);
  await drag(admin, FIRST, "Avsluttet");
  await expect(names(admin).nth(8)).toHaveText(FIRST);
  await expect(names(admin).nth(9)).toHaveText("Avsluttet");
  await admin.reload();
  await expect(names(admin).nth(8)).toHaveText(FIRST);
});

test("before a phase is retired the page says what happens, and then the cards are in the other one", async ({ as, board, track }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  const admin = await as("admin");
  await admin.goto(`/admin/tracks/${track}`);
  await admin.getByRole("link", { name: FIRST, exact: true }).click();
  await admin.getByRole("link", { name: "Avvikle fasen …" }).click();
  await expect(admin.getByText("I fasen nå: 2 deltakere.")).toBeVisible();
  await admin.getByRole("button", { name: `Avvikle ${FIRST}` }).click();
  await expect(admin.getByRole("group", { name: /Du må rette dette/ })).toContainText("Hvor skal deltakerne?: Fyll ut");
  await admin.getByLabel("Hvor skal deltakerne?").selectOption(SECOND);
  await admin.getByRole("button", { name: `Avvikle ${FIRST}` }).click();
  await expect(admin.getByRole("status")).toHaveText("Fasen er avviklet");
  await expect(names(admin).first()).toHaveText(SECOND);
  await expect(admin.getByRole("region", { name: "Avviklede faser" }).getByRole("listitem")).toHaveText([new RegExp(`^${FIRST}, avviklet`)]);

  // The open board shows by itself what the track is like now.
  await board.expectOrder(SECOND, ["Ada En", "Bo To"]);
  await expect(board.phase(FIRST)).toHaveCount(0);
  await board.link("Ada En").click();
  await expect(board.page.getByText(`Fra ${FIRST} til ${SECOND}`).or(board.page.locator(".timeline")).first()).toContainText(FIRST);
});

test("the last closing phase can't be retired, and the page says why", async ({ as, track }) => {
  const admin = await as("admin", { javaScriptEnabled: false });
  await admin.goto(`/admin/tracks/${track}`);
  await admin.getByRole("link", { name: "Avsluttet", exact: true }).click();
  await admin.getByRole("link", { name: "Avvikle fasen …" }).click();
  await expect(admin.getByText("Dette er den siste fasen av sitt slag.")).toBeVisible();
  await expect(admin.getByRole("button", { name: /Avvikle/ })).toHaveCount(0);
});

test("a track is retired once nobody is in it, and comes back, by keyboard only and without a script", async ({ as, board, track }) => {
  await board.fill(FIRST, "Ada En");
  const admin = await as("admin", { javaScriptEnabled: false });
  await admin.goto(`/admin/tracks/${track}`);
  const name = await admin.getByRole("heading", { level: 1 }).innerText();
  await admin.getByRole("link", { name: "Avvikle løpet …" }).press("Enter");
  await expect(admin.getByText("I løpet nå: 1 deltaker.")).toBeVisible();
  await expect(admin.getByRole("button", { name: "Avvikle løpet" })).toHaveCount(0);

  await board.menuButton("Ada En").click();
  await board.page.getByRole("menuitem", { name: "Flytt til Avsluttet" }).click();
  await board.answerClosing("Fullført som planlagt", "Arbeid, fagrelevant");
  await board.expectMoved("Ada En", "Avsluttet");

  await admin.reload();
  await expect(admin.getByText("De som har avsluttet løpet, blir stående: 1 deltaker.")).toBeVisible();
  await admin.getByRole("button", { name: "Avvikle løpet" }).press("Enter");
  await expect(admin.getByRole("status")).toHaveText("Løpet er avviklet");
  await expect(admin.getByRole("button", { name: "Lag fasen" })).toHaveCount(0);

  // The open board shows by itself what is left of it.
  await expect(board.phase(FIRST)).toHaveCount(0);
  await board.expectOrder("Avsluttet", ["Ada En"]);
  await board.page.goto("/tracks");
  await expect(board.page.getByRole("link", { name, exact: true })).toHaveCount(0);
  await board.page.goto(`/tracks/${track}`);
  await expect(board.page.getByText("Avviklet", { exact: true })).toBeVisible();
  await expect(board.page.getByRole("link", { name: "Ny deltaker" })).toHaveCount(0);

  await admin.goto("/admin/tracks");
  await admin.getByRole("region", { name: "Avviklede løp" }).getByRole("link", { name, exact: true }).press("Enter");
  await admin.getByRole("button", { name: "Ta løpet i bruk igjen" }).press("Enter");
  await expect(admin.getByRole("status")).toHaveText("Løpet er i bruk igjen");
  await expect(board.phase(FIRST)).toBeVisible();
});

test("tracks are ordered with the buttons, by keyboard only and without a script", async ({ as, track }) => {
  const admin = await as("admin", { javaScriptEnabled: false });
  const [road, bridge] = [`Vei ${track}`, `Bro ${track}`];
  for (const name of [road, bridge]) {
    await admin.goto("/admin/new-track");
    await admin.getByLabel("Navn").fill(name);
    await admin.getByLabel("Mal").selectOption({ label: "Tomt: én start og én slutt" });
    await admin.getByRole("button", { name: "Lag løpet" }).press("Enter");
    await expect(admin.getByRole("status")).toHaveText("Løpet er laget");
  }
  const names = async (page: Page, all: string) =>
    (await page.locator(all).allInnerTexts()).filter((name) => [road, bridge].includes(name));
  await admin.goto("/admin/tracks");
  await expect(admin.getByRole("button", { name: `Flytt ned: ${bridge}` })).toHaveCount(0);
  await admin.getByRole("button", { name: `Flytt opp: ${bridge}` }).press("Enter");
  await expect(admin.getByRole("status")).toHaveText("Løpet er flyttet");
  await expect(admin.locator(".phase-list > li").filter({ hasText: bridge })).toBeFocused();
  expect(await names(admin, ".phase-list h2")).toEqual([bridge, road]);
  const inn = await as("inn");
  await inn.goto("/tracks");
  expect(await names(inn, ".tracks h2")).toEqual([bridge, road]);
  await admin.getByRole("button", { name: `Flytt ned: ${bridge}` }).press("Enter");
  await expect(admin.getByRole("button", { name: `Flytt ned: ${bridge}` })).toHaveCount(0);
  expect(await names(admin, ".phase-list h2")).toEqual([road, bridge]);
});

test("of two administrators the second reads what the first did, and what she typed is still there", async ({ as, track }) => {
  const [one, other] = [await as("admin"), await as("admin", { javaScriptEnabled: false })];
  for (const page of [one, other]) {
    await page.goto(`/admin/tracks/${track}`);
    await page.getByRole("link", { name: SECOND, exact: true }).click();
  }
  await one.getByLabel("Navn").fill("Kartlegging");
  await one.getByRole("button", { name: "Lagre" }).click();
  await expect(one.getByRole("status")).toHaveText("Fasen er lagret");
  await other.getByLabel("Avtalt antall dager i fasen").fill("45");
  await other.getByRole("button", { name: "Lagre" }).click();
  const alert = other.getByRole("alert");
  await expect(alert).toContainText("Løpet er endret i mellomtiden");
  await expect(alert).toContainText(`Admin Prøve`);
  await expect(alert).toContainText(`Endret fasen «${SECOND}»: Navn fra ${SECOND} til Kartlegging.`);
  await expect(other.getByLabel("Avtalt antall dager i fasen")).toHaveValue("45");
  await other.getByLabel("Navn").fill("Kartlegging");
  await other.getByRole("button", { name: "Lagre" }).click();
  await expect(other.getByRole("status")).toHaveText("Fasen er lagret");
  await expect(other.getByText("0 deltakere · avtalt 45 dager")).toBeVisible();
});

test("over the limit a column says so in words and takes the card all the same", async ({ as, board, track }) => {
  const admin = await as("admin");
  await admin.goto(`/admin/tracks/${track}`);
  await admin.getByRole("link", { name: SECOND, exact: true }).click();
  await admin.getByLabel("Grense for antall deltakere").fill("1");
  await admin.getByRole("button", { name: "Lagre" }).click();
  await board.fill(FIRST, "Ada En", "Bo To");
  const count = board.phase(SECOND).locator("header .count");
  await expect(count).toHaveText("0 av 1");
  for (const name of ["Ada En", "Bo To"]) await board.moveByMenu(name, SECOND);
  await expect(count).toHaveText("2 av 1 – over grensen");
  await board.page.reload();
  await expect(count).toHaveText("2 av 1 – over grensen");
});

/** Drags a phase by its handle to the lower half of another one. */
async function drag(page: Page, from: string, to: string): Promise<void> {
  const row = (name: string) => page.locator(".phase-list > li").filter({ has: page.getByRole("link", { name, exact: true }) });
  await row(from).scrollIntoViewIfNeeded();
  const start = (await row(from).locator(".handle").boundingBox())!;
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await row(to).scrollIntoViewIfNeeded();
  const end = (await row(to).boundingBox())!;
  await page.mouse.move(start.x + 10, end.y + end.height - 4, { steps: 8 });
  await page.mouse.up();
}
