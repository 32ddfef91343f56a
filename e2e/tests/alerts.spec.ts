import { type Page } from "@playwright/test";

import { FIRST, register } from "./board";
import { day } from "./days";
import { type Who, expect, test as base } from "./fixtures";

const OFFICE = "Nav Prøveby øst";

/** A NAV contact of this test's own, who has no alerts yet. */
const test = base.extend<{ contact: { email: Who; name: string } }>({
  contact: async ({ samlop, track }, use) => {
    const email = `varsel-${track}@example.no` as const;
    const name = `Varsel ${track}`;
    await samlop.createUser({ email, name, role: "nav-contact", organisation: OFFICE });
    await use({ email, name });
  },
});

async function writeNote(page: Page, text: string, readers?: string): Promise<void> {
  await page.getByLabel("Nytt notat").fill(text);
  if (readers) await page.getByLabel("Hvem kan lese notatet?").selectOption(readers);
  await page.getByRole("button", { name: "Lagre notat" }).click();
  await expect(page.getByRole("status").first()).toContainText("Notatet er lagret");
}

const bell = (page: Page, unread: number) =>
  page.getByRole("navigation", { name: "Hovedmeny" }).getByRole("link", { name: new RegExp(`^Varsler.*${unread} uleste?$`) });

test("a note is counted beside the menu and on the card, leads to the note, and is read by opening it", async ({ as, contact, page, track }) => {
  const path = await register(page, track, { name: "Varsel Prøvestad", phase: FIRST, navContact: contact.name, navOffice: OFFICE });
  const nav = await as(contact.email);
  // She has seen that she is contact now.
  await nav.goto(path);
  await page.goto(path);
  await writeNote(page, "Til deg");
  await expect(page.getByRole("status").first()).toContainText("1 person får varsel");

  await nav.goto(`/tracks/${track}`);
  await expect(bell(nav, 1)).toBeVisible();
  await expect(nav.locator(".card")).toContainText("Nytt notat");
  await bell(nav, 1).click();
  await expect(nav.locator(".alert-row").first()).toContainText("av Inn-kontakt Prøve");
  await nav.getByRole("link", { name: /Nytt notat om Varsel Prøvestad/ }).click();
  await expect(nav).toHaveURL(new RegExp(`${path}#note-`));
  await expect(nav.getByText("Til deg")).toBeInViewport();
  await nav.goto("/alerts");
  await expect(nav.getByText(/ulest/)).toHaveCount(0);
  await nav.goto(`/tracks/${track}`);
  await expect(nav.locator(".card")).not.toContainText("Nytt notat");
});

test("all alerts are marked as read in one press", async ({ as, contact, page, track }) => {
  for (const name of ["En Prøvestad", "To Prøvestad"]) {
    await page.goto(await register(page, track, { name, navContact: contact.name, navOffice: OFFICE }));
    await writeNote(page, "Nytt");
  }
  const nav = await as(contact.email);
  await nav.goto("/alerts");
  // Two notes, and two participants whose contact she has become.
  await expect(bell(nav, 4)).toBeVisible();
  const first = nav.locator(".alert-row").first();
  await first.getByRole("button", { name: /^Merk som lest/ }).click();
  await expect(bell(nav, 3)).toBeVisible();
  await nav.getByRole("button", { name: "Merk alle som lest" }).click();
  await expect(nav.getByRole("status")).toHaveText("Alle varsler er lest");
  await expect(nav.getByText(/ulest/)).toHaveCount(0);
  await expect(nav.getByRole("button", { name: "Merk alle som lest" })).toHaveCount(0);
});

test("authors are not told about their own notes, and NAV is not told about notes for INN alone", async ({ as, contact, page, samlop, track }) => {
  const author = `forfatter-${track}@example.no` as const;
  await samlop.createUser({ email: author, name: `Forfatter ${track}`, role: "inn-adviser", organisation: "INN Prøveby" });
  const path = await register(page, track, {
    name: "Egen Prøvestad",
    innContact: `Forfatter ${track}`,
    navContact: contact.name,
    navOffice: OFFICE,
  });
  const inn = await as(author);
  await inn.goto(path);
  await writeNote(inn, "Bare for oss", "Bare egen enhet");
  await inn.goto("/alerts");
  await expect(inn.locator("main")).not.toContainText("Nytt notat");
  const nav = await as(contact.email);
  await nav.goto("/alerts");
  await expect(nav.locator("main")).not.toContainText("Nytt notat");
});

test("whoever follows is told, and whoever stops is not", async ({ as, page, samlop, track }) => {
  const email = `foelger-${track}@example.no` as const;
  await samlop.createUser({ email, name: "Følger Prøve", role: "inn-adviser", organisation: "INN Prøveby" });
  const path = await register(page, track, { name: "Fulgt Prøvestad" });
  const follower = await as(email);
  await follower.goto(path);
  await follower.getByRole("button", { name: "Følg deltakeren" }).click();
  await expect(follower.getByRole("status")).toContainText("Du følger deltakeren");
  await page.goto(path);
  await writeNote(page, "Første");
  await follower.goto("/alerts");
  await expect(follower.getByRole("link", { name: /Nytt notat om Fulgt Prøvestad/ })).toHaveCount(1);
  await follower.goto(path);
  await follower.getByRole("button", { name: "Slutt å følge" }).click();
  await expect(follower.getByRole("button", { name: "Følg deltakeren" })).toBeVisible();
  await writeNote(page, "Andre");
  await follower.goto("/alerts");
  await expect(follower.getByRole("link", { name: /Nytt notat om Fulgt Prøvestad/ })).toHaveCount(1);
});

test("whoever gets a task finds it among the alerts", async ({ as, contact, page, track }) => {
  const path = await register(page, track, { name: "Oppgave Prøvestad", navOffice: OFFICE });
  await page.goto(`${path}/tasks/new`);
  await page.getByLabel("Tittel").fill("Finn praksisplass");
  await page.getByLabel("Ansvarlig").selectOption(`${contact.name}, ${OFFICE}`);
  await page.getByLabel("Frist").fill(day(30));
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Oppgaven er lagret");
  const nav = await as(contact.email);
  await nav.goto("/alerts");
  await nav.getByRole("link", { name: /Ny oppgave til deg om Oppgave Prøvestad/ }).click();
  await expect(nav).toHaveURL(new RegExp(`${path}#task-`));
  await expect(nav.getByText("Finn praksisplass").first()).toBeInViewport();
});
