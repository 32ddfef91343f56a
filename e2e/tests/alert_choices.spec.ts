import { type Page } from "@playwright/test";

import { FIRST, register, shownReference } from "./board";
import { type Who } from "./fixtures";
import { type Mail, Post, expect, test as base } from "./post";
import { PUBLIC_URL } from "./samlop";

const OFFICE = "Nav Prøveby øst";

/** A NAV contact of this test's own, and a participant whose contact she has long been. */
const test = base.extend<{ contact: Who; path: string }>({
  contact: async ({ samlop, track }, use) => {
    const email = `valg-${track}@example.no` as const;
    await samlop.createUser({ email, name: `Valg ${track}`, role: "nav-contact", organisation: OFFICE });
    await use(email);
  },
  path: async ({ as, contact, page, post, track }, use) => {
    const path = await register(page, track, { name: "Valg Prøvestad", phase: FIRST, navContact: `Valg ${track}`, navOffice: OFFICE });
    await expect.poll(() => post.to(contact).length).toBe(1);
    post.mails.length = 0;
    await (await as(contact)).goto(path);
    await use(path);
  },
});

async function writeNote(page: Page, path: string, text: string): Promise<void> {
  await page.goto(path);
  await page.getByLabel("Nytt notat").fill(text);
  await page.getByRole("button", { name: "Lagre notat" }).click();
  await expect(page.getByRole("status").first()).toContainText("1 person får varsel");
}

async function mailTo(post: Post, contact: string): Promise<Mail> {
  await expect.poll(() => post.to(contact).length).toBe(1);
  return post.to(contact)[0];
}

test("whoever wants no mails about notes gets none, and sees in Samløp why", async ({ as, contact, page, path, post }) => {
  const nav = await as(contact);
  await nav.goto("/account");
  await nav.getByRole("link", { name: "Velg hvilke varsler du får på e-post" }).click();
  await nav.getByLabel("Notat om en deltaker du følger").selectOption("Ikke på e-post");
  await nav.getByRole("button", { name: "Lagre valgene" }).click();
  await expect(nav.getByRole("status")).toHaveText("Valgene er lagret");
  await expect(nav.getByLabel("Notat om en deltaker du følger")).toHaveValue("off");
  await writeNote(page, path, "Uten e-post");
  await nav.goto("/alerts");
  await expect(nav.locator(".alert-row").first()).toContainText("Ingen e-post: Du har valgt bort slike.");
  expect(post.to(contact)).toEqual([]);
});

test("a digest waits for the next working day's morning", async ({ as, contact, page, path, post }) => {
  const nav = await as(contact);
  await nav.goto("/account/alerts");
  await nav.getByLabel("Notat om en deltaker du følger").selectOption("Samlet, én gang per arbeidsdag");
  await nav.getByLabel("Arbeidsdagen begynner").fill("07:30");
  await nav.getByRole("button", { name: "Lagre valgene" }).click();
  await writeNote(page, path, "Til i morgen");
  await nav.goto("/alerts");
  await expect(nav.locator(".alert-row").first()).toContainText(/E-post sendes .*kl\. 07\.30/);
  expect(post.to(contact)).toEqual([]);
});

test("what is wrong is told beside the field, and the rest stays as it was typed", async ({ as, contact }) => {
  const nav = await as(contact);
  await nav.goto("/account/alerts");
  await nav.getByLabel("Påminnelse før en frist").selectOption("3 arbeidsdager før");
  await nav.getByLabel("Arbeidsdagen begynner").fill("09:00");
  await nav.getByLabel("Stille fra").fill("08:00");
  await nav.getByRole("button", { name: "Lagre valgene" }).click();
  await expect(nav.getByRole("group", { name: "Du må rette dette før du kan lagre" })).toContainText("Stille fra");
  await expect(nav.getByLabel("Påminnelse før en frist")).toHaveValue("3");
  await expect(nav.getByLabel("Stille fra")).toHaveAttribute("aria-invalid", "true");
});

test("the link in a mail stops such mails without a login, and twice does no harm", async ({ as, contact, page, path, post, samlop }) => {
  await writeNote(page, path, "Et notat");
  const mail = await mailTo(post, contact);
  const link = new RegExp(`${PUBLIC_URL}(/unsubscribe/\\S+)`).exec(mail.text!)![1];
  const stranger = await as("nobody");
  await stranger.goto(link);
  await expect(stranger.locator("main")).toContainText("Notat om en deltaker du følger");
  await stranger.getByRole("button", { name: "Slutt å sende" }).click();
  await expect(stranger.getByRole("status")).toHaveText("Du får ikke flere e-poster om dette.");
  await stranger.goto(`${link.slice(0, -1)}x`);
  await expect(stranger.locator("main")).toContainText("Lenken virker ikke");
  const nav = await as(contact);
  await nav.goto("/account/alerts");
  await expect(nav.getByLabel("Notat om en deltaker du følger")).toHaveValue("off");
  // A mail program's own button (RFC 8058) says the same without a page.
  expect(mail.headers.find(({ key }) => key === "list-unsubscribe")?.value).toBe(`<${PUBLIC_URL}${link}>`);
  const press = (path: string) => fetch(samlop.url + path, { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) });
  expect((await press(link)).status).toBe(204);
  expect((await press(`${link}x`)).status).toBe(404);
});

test("an answer by mail becomes a note, once, and a wrong one is told to its sender", async ({ contact, page, path, post, samlop }) => {
  await writeNote(page, path, "Kan du ringe henne?");
  const mail = await mailTo(post, contact);
  const to = mail.replyTo![0].address!;
  expect(to).toMatch(/^svar\+[0-9a-f]{48}@example\.no$/);
  const answer = (text: string, address = to, id = "en") =>
    `From: ${contact}\r\nTo: ${address}\r\nSubject: SV: ${mail.messageId}\r\nMessage-ID: <${id}@example.no>\r\n` +
    `MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n\r\nMvh\r\nNav-kontakten\r\n\r\n` +
    `Den tir. 24. nov. 2026 kl. 10:42 skrev Samløp <samlop@example.no>:\r\n> Det er skrevet et nytt notat\r\n`;
  for (let times = 0; times < 2; times += 1) await samlop.run(["mail-in"], answer("Ja, i morgen."));
  await page.goto(path);
  const note = page.locator(".entry.note", { hasText: "Ja, i morgen." });
  await expect(note).toHaveCount(1);
  await expect(note).not.toContainText("Mvh");
  await expect(note).not.toContainText("skrevet et nytt notat");
  post.mails.length = 0;
  await samlop.run(["mail-in"], answer("Fnr 13897240054", to, "to"));
  const refusal = await mailTo(post, contact);
  expect(refusal.subject).toBe("[Samløp] Svaret ditt ble ikke lagret");
  expect(refusal.text).toContain("fødselsnummer");
  expect(refusal.text).not.toContain("13897240054");
});

test("a note that was just written is deleted, and the page says how many alerts were withdrawn", async ({ as, contact, page, path }) => {
  const nav = await as(contact);
  await nav.goto("/account/alerts");
  await nav.getByLabel("Hvis jeg leser varselet i Samløp først").selectOption({ index: 1 });
  await nav.getByRole("button", { name: "Lagre valgene" }).click();
  await writeNote(page, path, "Om feil deltaker");
  await page.locator(".entry.note", { hasText: "Om feil deltaker" }).getByRole("button", { name: "Slett notatet" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Notatet er slettet. Varsler trukket tilbake: 1. Allerede sendt: 0.");
  await expect(page.getByText("Om feil deltaker")).toHaveCount(0);
  await expect(page.locator(".timeline")).toContainText("Slettet et notat kort tid etter at det ble skrevet.");
  await nav.goto("/alerts");
  await expect(nav.locator("main")).not.toContainText("Nytt notat");
});

test("anybody finds out by a reference why there was no alert", async ({ as, contact, page, path, track }) => {
  await page.goto(path);
  const reference = await shownReference(page);
  const other = await as("nav");
  await other.goto("/alerts");
  await other.getByText("Fikk du ikke varsel?").click();
  await other.getByLabel("Referanse").fill(reference.toLowerCase());
  await other.getByRole("button", { name: "Vis hva som har skjedd" }).click();
  await expect(other.getByRole("status")).toContainText("Valg Prøvestad");
  await writeNote(page, path, "Et notat");
  await other.reload();
  await expect(other.locator("ol .alert-row").first()).toContainText("Du fulgte ikke deltakeren da");
  await other.getByLabel("Referanse").fill("D-0000");
  await other.getByRole("button", { name: "Vis hva som har skjedd" }).click();
  await expect(other.getByRole("status")).toContainText("Du har ingen deltaker med referansen D-0000");
  expect([contact, track]).toBeTruthy();
});
