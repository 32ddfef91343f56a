import { type Locator, type Page } from "@playwright/test";

import { CLOSING, FIRST, register } from "./board";
import { day } from "./days";
import { expect, test } from "./fixtures";

const IDENTITY_NUMBER = "ring om 13897240054";
const TOO_LONG = "lang tekst ".repeat(1_000);
/** Short, since a language has room for forty characters. */
const SCRIPT = `</textarea><img src=x onerror=alert()>"`;

/** One form, with its fields by their labels. */
type Form = {
  name: string;
  /** Opens the page and unfolds the form. */
  open: (page: Page, at: Places) => Promise<void>;
  send: string;
  /** Fields that take any text, the required one first. */
  texts: string[];
  /** Choices and dates that must be filled besides. */
  others?: (page: Page) => Promise<void>;
  /** What is missing in an empty form. */
  required: string[];
};

/** A participant of this test's own, whom NAV sees too. */
type Places = { record: string; track: string };

const FORMS: Form[] = [
  {
    name: "a new participant",
    open: async (page, { track }) => void (await page.goto(`/tracks/${track}/participants/new`)),
    send: "Registrer deltaker",
    texts: ["Navn", "Språk", "Mål"],
    required: ["Navn"],
  },
  {
    name: "changed details",
    open: async (page, { record }) => void (await page.goto(`${record}/edit`)),
    send: "Lagre",
    texts: ["Navn", "Språk", "Mål"],
    required: ["Navn"],
  },
  {
    name: "a note",
    open: async (page, { record }) => void (await page.goto(record)),
    send: "Lagre notat",
    texts: ["Nytt notat"],
    required: ["Nytt notat"],
  },
  {
    name: "a changed note",
    open: async (page, { record }) => {
      await page.goto(record);
      await page.getByLabel("Nytt notat").fill("Det gamle");
      await page.getByRole("button", { name: "Lagre notat" }).click();
      await page.locator(".entry.note").getByText("Endre notatet").click();
    },
    send: "Lagre endringen",
    texts: ["Notat"],
    required: ["Nytt notat"],
  },
  {
    name: "a task",
    open: async (page, { record }) => void (await page.goto(`${record}/tasks/new`)),
    send: "Lagre oppgave",
    texts: ["Tittel", "Beskrivelse"],
    others: (page) => page.getByLabel("Frist").fill(day(30)),
    required: ["Tittel", "Frist"],
  },
  {
    name: "a changed task",
    open: async (page, { record }) => {
      await page.goto(`${record}/tasks/new`);
      await page.getByLabel("Tittel").fill("Det gamle");
      await page.getByLabel("Frist").fill(day(30));
      await page.getByRole("button", { name: "Lagre oppgave" }).click();
      await page.getByRole("link", { name: "Det gamle" }).click();
    },
    send: "Lagre oppgave",
    texts: ["Tittel", "Beskrivelse"],
    required: ["Tittel"],
  },
  {
    name: "the reason for leaving",
    open: async (page, { track }) => {
      await page.goto(`/tracks/${track}`);
      const card = await page.locator(".card").first().getAttribute("id");
      await page.goto(`/tracks/${track}/move?card=${card}`);
      await page.getByRole("link", { name: `Flytt til ${CLOSING}` }).click();
    },
    send: "Flytt",
    texts: ["Årsak med egne ord"],
    others: async (page) => {
      await page.getByLabel("Årsak", { exact: true }).selectOption("Annet");
      await page.getByLabel("Utfall").selectOption("Utdanning");
    },
    required: ["Årsak", "Utfall"],
  },
];

const field = (page: Page, label: string): Locator => page.getByLabel(label, { exact: true });
const send = (page: Page, form: Form) => page.getByRole("button", { name: form.send, exact: true }).click();

/** The list at the top must name these fields, and each problem must stand at its field. */
async function expectProblems(page: Page, labels: string[], problem: RegExp): Promise<void> {
  const lines = page.getByRole("group", { name: /Du må rette dette/ }).getByRole("link");
  await expect(lines).toHaveCount(labels.length);
  for (const label of labels) {
    const line = lines.filter({ hasText: new RegExp(`^${label}: ${problem.source}`) });
    await expect(line).toHaveCount(1);
    const target = page.locator((await line.getAttribute("href"))!.replace("#", "[id='") + "']");
    await expect(target).toHaveAttribute("aria-invalid", "true");
    await expect(target).toHaveAccessibleDescription(problem);
  }
}

for (const javaScriptEnabled of [true, false]) {
  const way = javaScriptEnabled ? "with a script" : "without a script";

  for (const form of FORMS) {
    test(`${form.name}: what is missing, too long or forbidden is told, and what was typed stays, ${way}`, async ({ as, page, track }) => {
      const record = await register(page, track, { name: "Feil Prøvestad", phase: FIRST });
      const window = await as("inn", { javaScriptEnabled });
      await form.open(window, { record, track });

      for (const label of form.texts) await field(window, label).fill("");
      await send(window, form);
      await expectProblems(window, form.required, /Fyll ut dette feltet\./);

      await form.others?.(window);
      for (const label of form.texts) await field(window, label).fill(TOO_LONG);
      await send(window, form);
      const labels = form.name === "a changed note" ? form.required : form.texts;
      await expectProblems(window, labels, /Teksten er for lang\./);
      for (const label of form.texts) await expect(field(window, label)).toHaveValue(TOO_LONG);

      for (const label of form.texts) await field(window, label).fill(`${label}, ${IDENTITY_NUMBER}`);
      await send(window, form);
      await expectProblems(window, labels, /Teksten inneholder et fødselsnummer\./);
      for (const label of form.texts) await expect(field(window, label)).toHaveValue(`${label}, ${IDENTITY_NUMBER}`);

      for (const label of form.texts) await field(window, label).fill("Rettet");
      await send(window, form);
      await expect(window.getByRole("status").first()).toBeVisible();
      await expect(window.getByRole("group", { name: /Du må rette dette/ })).toHaveCount(0);
    });

    test(`${form.name}: a script that is typed is shown as text everywhere, ${way}`, async ({ as, page, samlop, track }) => {
      const email = `leser-${track}@example.no`;
      await samlop.createUser({ email, name: `Leser ${track}`, role: "inn-adviser", organisation: "INN Prøveby" });
      const record = await register(page, track, { name: "Skript Prøvestad", phase: FIRST, innContact: `Leser ${track}` });
      const window = await as("inn", { javaScriptEnabled });
      await form.open(window, { record, track });
      await form.others?.(window);
      for (const label of form.texts) await field(window, label).fill(SCRIPT);
      await send(window, form);
      await expect(window.getByRole("status").first()).toBeVisible();
      const reader = await as(email);
      for (const path of [record, `${record}/edit`, `${record}/tasks/new`, `/tracks/${track}`, "/tasks", "/alerts"]) {
        await reader.goto(path);
        await expect(reader.locator("main img")).toHaveCount(0);
      }
    });
  }

  test(`addresses, phone numbers and dates that are none are told, and stay, ${way}`, async ({ as, track }) => {
    const page = await as("inn", { javaScriptEnabled });
    await page.goto(`/tracks/${track}/participants/new`);
    // The browser would not send them itself.
    await page.locator("form.stack").evaluate((form: HTMLFormElement) => (form.noValidate = true));
    await field(page, "Navn").fill("Feil Prøvestad");
    await field(page, "E-post").fill("ikke en adresse");
    await field(page, "Telefon").fill("ring meg");
    await field(page, "Startdato").fill("1900-01-01");
    await page.getByRole("button", { name: "Registrer deltaker" }).click();
    const lines = page.getByRole("group", { name: /Du må rette dette/ }).getByRole("link");
    await expect(lines).toHaveText([/^Telefon: /, /^E-post: Dette er ikke en e-postadresse/, /^Startdato: Datoen er for langt unna/]);
    await expect(field(page, "E-post")).toHaveValue("ikke en adresse");
    await expect(field(page, "Telefon")).toHaveValue("ring meg");
    await expect(field(page, "Startdato")).toHaveValue("1900-01-01");
  });

  test(`a form that names somebody else's participant changes nothing, ${way}`, async ({ as, page, samlop, track }) => {
    await samlop.createUser({ email: `annen-${track}@example.no`, name: "Annen Prøve", role: "inn-adviser", organisation: `INN ${track}` });
    await samlop.createTrack(`${track}-annen`, `INN ${track}`, `Nav ${track}`);
    const other = await as(`annen-${track}@example.no`);
    const theirs = await register(other, `${track}-annen`, { name: "Andres Prøvestad", phase: FIRST });
    const ours = await register(page, track, { name: "Vår Prøvestad", phase: FIRST });
    const window = await as("inn", { javaScriptEnabled });
    await window.goto(ours);
    const id = theirs.split("/").pop()!;
    await window.locator("#new-note input[type=hidden]").first().evaluate((input: HTMLInputElement, id) => (input.value = id), id);
    await window.getByLabel("Nytt notat").fill("Skrevet på feil sted");
    const answer = window.waitForResponse(/\/api\/notes\/save/);
    await window.getByRole("button", { name: "Lagre notat" }).click();
    expect((await answer).status()).toBe(404);
    await expect(window.getByRole("alert")).toContainText("Vi finner ikke siden");
    await other.goto(theirs);
    await expect(other.getByText("Skrevet på feil sted")).toHaveCount(0);
  });

  test(`addresses of what is not there, or is somebody else's, give the same page, ${way}`, async ({ as, samlop, track }) => {
    await samlop.createUser({ email: `annen-${track}@example.no`, name: "Annen Prøve", role: "inn-adviser", organisation: `INN ${track}` });
    await samlop.createTrack(`${track}-annen`, `INN ${track}`, `Nav ${track}`);
    const other = await as(`annen-${track}@example.no`);
    const theirs = await register(other, `${track}-annen`, { name: "Andres Prøvestad", phase: FIRST });
    const page = await as("inn", { javaScriptEnabled });
    const nobody = "/participants/01a00000-0000-7000-8000-000000000000";
    const paths = [theirs, `${theirs}/edit`, `${theirs}/tasks/new`, nobody, `${nobody}/edit`, "/participants/x", "/tasks/x"];
    for (const path of [...paths, `/tracks/${track}-annen`, "/tracks/finnes-ikke", `/tracks/${track}/move?card=x`, "/x"]) {
      expect((await page.goto(path))!.status(), path).toBe(404);
      await expect(page.getByRole("heading", { level: 1, name: "Vi finner ikke siden" })).toBeVisible();
      await expect(page.getByText("Andres Prøvestad")).toHaveCount(0);
    }
  });
}
