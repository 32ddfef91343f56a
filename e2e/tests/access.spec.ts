import { type Page } from "@playwright/test";

import { Board, FIRST, SECOND, register, send } from "./board";
import { expect, test } from "./fixtures";
import { type Visit, everyPage } from "./pages";

const THERE = { inn: "INN Annetsted", nav: "Nav Annetsted" };

test.beforeEach(async ({ samlop, track }) => {
  const people = [
    { email: `inn-${track}@example.no`, name: "Fremmed Inn", role: "inn-adviser", organisation: THERE.inn },
    { email: `nav-${track}@example.no`, name: "Fremmed Nav", role: "nav-contact", organisation: THERE.nav },
    { email: `leder-${track}@example.no`, name: "Fremmed Leder", role: "leader", organisation: THERE.inn },
  ];
  for (const person of people) await samlop.createUser(person);
  await samlop.createTrack(`${track}-annet`, THERE.inn, THERE.nav);
});

const strangers = (track: string) => ["inn", "nav", "leder"].map((role) => `${role}-${track}@example.no` as const);

async function expectNotFound(page: Page, path: string): Promise<void> {
  expect((await page.goto(path))!.status(), path).toBe(404);
  await expect(page.getByRole("heading", { level: 1, name: "Vi finner ikke siden" })).toBeVisible();
}

/** Those that are about somebody or something that only some may see. */
const about = (visits: Visit[]) => visits.filter(({ route, who }) => route.includes(":") && who !== "nobody" && who !== "admin");

test("people of another town find none of our participants, tasks and boards", async ({ as, page, track }) => {
  const visits = await everyPage(page, track);
  for (const stranger of strangers(track)) {
    const window = await as(stranger);
    for (const { path } of about(visits)) await expectNotFound(window, path);
    for (const { path } of visits.filter(({ who }) => who === "admin")) {
      expect((await window.goto(path))!.status(), path).toBe(403);
    }
    await window.goto("/tracks");
    await expect(window.getByRole("heading", { level: 2 })).toHaveText([`Løp ${track}-annet`]);
  }
});

test("people of another town can't send what our forms send", async ({ as, board, page, track }) => {
  const record = await register(page, track, { name: "Hemmelig Prøvestad", phase: FIRST });
  await board.open();
  const card = await board.card("Hemmelig Prøvestad").getAttribute("id");
  const second = await board.phase(SECOND).getAttribute("data-phase");
  const participant = record.split("/").pop()!;
  const forms: [string, Record<string, string>][] = [
    ["/api/board/move-card", { "form[enrolment]": card!, "form[version]": "1", "form[to]": second! }],
    ["/api/notes/save", { "form[participant]": participant, "form[text]": "fra fremmede", "form[visibility]": "inn_and_nav" }],
    ["/api/participants/follow", { "form[participant]": participant }],
    ["/api/participants/wait-for", { "form[participant]": participant, "form[waiting]": "nav" }],
  ];
  for (const stranger of strangers(track)) {
    const window = await as(stranger);
    for (const [action, form] of forms) {
      const answer = await send(window, await window.request.get("/tracks"), action, form);
      expect(answer.status(), `${action} by ${stranger}`).toBe(404);
      expect(await answer.text()).not.toContain("Hemmelig");
    }
  }
  await board.open();
  await board.expectOrder(FIRST, ["Hemmelig Prøvestad"]);
  await page.goto(record);
  await expect(page.getByText("fra fremmede")).toHaveCount(0);
  await expect(page.getByText("Fremmed")).toHaveCount(0);
});

test("NAV sees only the participants of the offices it covers", async ({ as, page, samlop, track }) => {
  const email = `sentrum-${track}@example.no`;
  await samlop.createUser({ email, name: "Sentrum Prøve", role: "nav-contact", organisation: "Nav Prøveby sentrum" });
  await register(page, track, { name: "Sentrum Prøvestad", phase: FIRST, navOffice: "Nav Prøveby sentrum" });
  const east = await register(page, track, { name: "Øst Prøvestad", phase: FIRST, navOffice: "Nav Prøveby øst" });
  const none = await register(page, track, { name: "Ingen Prøvestad", phase: FIRST });

  const centre = new Board(await as(email), track);
  await centre.open();
  await centre.expectOrder(FIRST, ["Sentrum Prøvestad"]);
  for (const path of [east, none]) await expectNotFound(centre.page, path);
  const both = new Board(await as("nav"), track);
  await both.open();
  await both.expectOrder(FIRST, ["Sentrum Prøvestad", "Øst Prøvestad"]);
});

test("an administrator sees no board, no participant and no task", async ({ as, page, track }) => {
  const visits = await everyPage(page, track);
  const admin = await as("admin");
  for (const { path } of about(visits)) await expectNotFound(admin, path);
});

test("whoever is not logged in is sent to the login from every page that needs one", async ({ as, page, track }) => {
  const visits = await everyPage(page, track);
  const nobody = await as("nobody");
  for (const { path } of visits.filter(({ who }) => who !== "nobody")) {
    await nobody.goto(path);
    await expect(nobody).toHaveURL(/\/login\?next=/);
  }
});
