import { type Page } from "@playwright/test";

import { FIRST, register, shownReference } from "./board";
import { chances } from "./chance";
import { day } from "./days";
import { Post, expect, test } from "./post";
import { PUBLIC_URL, Samlop } from "./samlop";

const NAV = "nav@example.no";
const INN = "inn@example.no";

/** Registers a participant whom both contacts follow, and opens the record. */
async function openFollowed(page: Page, post: Post, track: string, name: string): Promise<{ path: string; reference: string }> {
  const path = await register(page, track, {
    name,
    phase: FIRST,
    innContact: "Inn-kontakt Prøve",
    navContact: "Nav-kontakt Prøve",
    navOffice: "Nav Prøveby øst",
  });
  // NAV is told that she is contact now. That is not what these tests are about.
  await expect.poll(() => post.to(NAV).map((mail) => mail.subject)).toEqual([expect.stringContaining("Du er ny kontakt")]);
  post.mails.length = 0;
  await page.goto(path);
  return { path, reference: await shownReference(page) };
}

async function writeNote(page: Page, text: string): Promise<void> {
  await page.getByLabel("Nytt notat").fill(text);
  await page.getByRole("button", { name: "Lagre notat" }).click();
  await expect(page.getByRole("status").first()).toContainText("1 person får varsel");
}

test("a note by INN reaches NAV's mailbox within five seconds, once, and not its author's", async ({ page, post, track }) => {
  await openFollowed(page, post, track, "Solveig Ørnefjell");
  await writeNote(page, "Rørleggerverkstedet tilbyr hospitering fredag");
  await expect.poll(() => post.to(NAV).length, { timeout: 5_000 }).toBe(1);
  // Longer than the pause after which the mailer looks again.
  await page.waitForTimeout(3_000);
  expect(post.mails.map((mail) => mail.recipient)).toEqual([NAV]);
});

test("the mail tells what happened and to whom it belongs, but neither name nor phase nor a word of the note", async ({ page, post, track }) => {
  const { path, reference } = await openFollowed(page, post, track, "Solveig Ørnefjell");
  const note = "Rørleggerverkstedet tilbyr hospitering fredag";
  await writeNote(page, note);
  await expect.poll(() => post.to(NAV).length).toBe(1);
  const [mail] = post.to(NAV);
  expect(mail.subject).toBe(`[Samløp ${reference}] Nytt notat`);
  expect(mail.text).toContain(`${PUBLIC_URL}${path}?at=note-`);
  expect(mail.from?.address).toBe("samlop@example.no");
  expect(mail.to?.map(({ address }) => address)).toEqual([NAV]);
  for (const word of ["Solveig", "Ørnefjell", FIRST, `Løp ${track}`, track, "Inn-kontakt", ...note.split(" ")]) {
    expect(mail.readable.toLowerCase()).not.toContain(word.toLowerCase());
  }
});

test("mails about one participant are one thread, each with its own id", async ({ as, page, post, track }) => {
  const { path } = await openFollowed(page, post, track, "Tråd Prøvestad");
  const nav = await as("nav");
  for (const text of ["Første", "Andre"]) {
    await writeNote(page, text);
    await expect.poll(() => post.to(NAV).length).toBe(text === "Første" ? 1 : 2);
    // Whoever has been to see is told anew.
    await nav.goto(path);
  }
  await expect.poll(() => post.to(NAV).length).toBe(2);
  const [first, second] = post.to(NAV);
  expect(first.messageId).not.toBe(second.messageId);
  expect(first.references).toBe(second.references);
  expect(first.references).toMatch(/^<participant-.*@samlop\.example\.no>$/);
});

test("the link in the mail asks for login and then leads to the note", async ({ as, page, post, samlop, track }) => {
  const { path } = await openFollowed(page, post, track, "Lenke Prøvestad");
  await writeNote(page, "Møt opp til intervju");
  await expect.poll(() => post.to(NAV).length).toBe(1);
  const link = /http\S+/.exec(post.to(NAV)[0].text!)![0].replace(PUBLIC_URL, samlop.url);
  const reader = await as("nobody");
  await reader.goto(link);
  await expect(reader.getByText("Møt opp til intervju")).toHaveCount(0);
  await reader.getByLabel("E-post").fill(NAV);
  await reader.getByLabel("Passord").fill("prov-samlop-2026");
  await reader.getByRole("button", { name: "Logg inn" }).click();
  await expect(reader).toHaveURL(new RegExp(`${path}#note-`));
  await expect(reader.getByText("Møt opp til intervju")).toBeInViewport();
});

test("a note for INN alone is not told to NAV, one by NAV is told to INN", async ({ as, page, post, track }) => {
  const { path } = await openFollowed(page, post, track, "Begge Prøvestad");
  await page.getByLabel("Nytt notat").fill("Bare for oss");
  await page.getByLabel("Hvem kan lese notatet?").selectOption("Bare egen enhet");
  await page.getByRole("button", { name: "Lagre notat" }).click();
  await expect(page.getByRole("status").first()).toContainText("Notatet er lagret");
  const nav = await as("nav");
  await nav.goto(path);
  await writeNote(nav, "Svar fra Nav");
  await expect.poll(() => post.mails.map((mail) => mail.recipient)).toEqual([INN]);
});

test("whoever gets a task is told by mail, whoever makes one for herself is not", async ({ page, post, track }) => {
  const { path, reference } = await openFollowed(page, post, track, "Oppgave Prøvestad");
  for (const person of ["Inn-kontakt Prøve, INN Prøveby", "Nav-kontakt Prøve, Nav Prøveby sentrum"]) {
    await page.goto(`${path}/tasks/new`);
    await page.getByLabel("Tittel").fill("Bestill bussbillett");
    await page.getByLabel("Ansvarlig").selectOption(person);
    await page.getByLabel("Frist").fill(day(0));
    await page.getByRole("button", { name: "Lagre oppgave" }).click();
    await expect(page.getByRole("status").first()).toHaveText("Oppgaven er lagret");
  }
  await expect.poll(() => post.mails.map((mail) => mail.recipient)).toEqual([NAV]);
  expect(post.mails[0].subject).toBe(`[Samløp ${reference}] Ny oppgave til deg`);
  expect(post.mails[0].readable).not.toContain("bussbillett");
});

test("a mail that was promised while the mail server was away comes when it is back, once", async ({ page, post, track }) => {
  await openFollowed(page, post, track, "Vente Prøvestad");
  await post.close();
  await writeNote(page, "Ingen post i dag");
  await page.waitForTimeout(1_000);
  await post.open();
  // The first pause after a failed try is ten seconds.
  await expect.poll(() => post.to(NAV).length, { timeout: 20_000 }).toBe(1);
  await page.waitForTimeout(2_500);
  expect(post.to(NAV)).toHaveLength(1);
});

test("ten notes in a row are one mail, until NAV has been to see", async ({ as, page, post, track }) => {
  const { path } = await openFollowed(page, post, track, "Mange Prøvestad");
  for (let count = 1; count <= 10; count += 1) {
    await writeNote(page, `Notat nummer ${count}`);
    if (count === 1) await expect.poll(() => post.to(NAV).length).toBe(1);
  }
  const nav = await as("nav");
  await nav.goto("/alerts");
  const about = nav.locator(".alert-row", { hasText: "Nytt notat om Mange Prøvestad" });
  await expect(about).toHaveCount(10);
  for (const row of await about.all()) await expect(row).toContainText("E-post sendt i dag");
  expect(post.to(NAV)).toHaveLength(1);
  await nav.goto(path);
  await writeNote(page, "Enda et");
  await expect.poll(() => post.to(NAV).length).toBe(2);
});

test("no alert is lost when the program is killed fifty times between note and mail", async () => {
  test.setTimeout(240_000);
  const post = new Post();
  await post.open();
  const town = await Samlop.start({ demo: true, smtpUrl: post.url });
  try {
    const { id, name, cookie } = await followedByBoth(town);
    const nav = `samlop_session=${await town.logIn(NAV)}`;
    const random = chances(20_261_121);
    const kept: string[] = [];
    for (let round = 0; round < 50; round += 1) {
      const text = `Notat nummer ${round}.`;
      const answered = sendNote(town, cookie, id, text).then(({ status }) => status === 200, () => false);
      // In half of the rounds only after the answer, when nothing but the mail is left to be done.
      if (round % 2 === 0) await answered;
      await new Promise((later) => setTimeout(later, random() * 40));
      await town.kill();
      if (await answered) kept.push(text);
      await town.begin();
      // NAV looks at it, so that the next note is told by a mail of its own.
      await read(town, nav, `/participants/${id}`);
    }
    expect(kept.length).toBeGreaterThanOrEqual(25);

    const record = await read(town, cookie, `/participants/${id}?show=notes`);
    const written = [...record.matchAll(/id="note-[0-9a-f-]{36}"[\s\S]*?(Notat nummer \d+\.)/g)].map(([, text]) => text);
    for (const text of kept) expect(written).toContain(text);
    expect(new Set(written).size).toBe(written.length);
    // What became of the mail, for each alert about a note of these.
    const mailed = async () => {
      const rows = (await read(town, nav, "/alerts")).split('class="alert-row"').slice(1);
      return rows.filter((row) => row.includes(`Nytt notat om ${name}`)).slice(0, written.length);
    };
    // The mail of a mailer that died is free again after a minute.
    await expect
      .poll(async () => (await mailed()).filter((row) => row.includes("E-post sendt")).length, { timeout: 100_000, intervals: [500] })
      .toBe(written.length);
    const mails = post.to(NAV).filter(({ subject }) => /nytt notat|nye notater/i.test(subject ?? ""));
    const ids = new Set(mails.map((mail) => mail.messageId));
    expect(ids.size).toBeGreaterThan(10);
    expect(post.to(INN)).toEqual([]);
    test.info().annotations.push({ type: "doubles", description: `${mails.length - ids.size} of ${mails.length}, with the first one's Message-ID` });
  } finally {
    await town.remove();
    await post.close();
  }
});

/** A participant whom both INN's and NAV's contact follow, and the session of INN's. */
async function followedByBoth(town: Samlop): Promise<{ id: string; name: string; cookie: string }> {
  const cookie = `samlop_session=${await town.logIn(INN)}`;
  const board = await read(town, cookie, "/tracks/introlop");
  for (const id of new Set([...board.matchAll(/\/participants\/([0-9a-f-]{36})/g)].map((match) => match[1]))) {
    const record = await read(town, cookie, `/participants/${id}`);
    const followers = /id="followers"[\s\S]*?<p>(.*?)<\/p>/.exec(record)?.[1];
    const name = /<h1>(.*?)<\/h1>/.exec(record)?.[1] ?? "";
    if (followers === "Inn-kontakt Prøve, Nav-kontakt Prøve") return { id, name, cookie };
  }
  throw new Error("Nobody is followed by both.");
}

async function read(town: Samlop, cookie: string, path: string): Promise<string> {
  return (await fetch(town.url + path, { headers: { Cookie: cookie } })).text();
}

function sendNote(town: Samlop, cookie: string, id: string, text: string): Promise<Response> {
  return fetch(`${town.url}/api/notes/save`, {
    method: "POST",
    headers: { Cookie: cookie, Origin: town.url },
    body: new URLSearchParams({ "form[participant]": id, "form[text]": text, "form[visibility]": "inn_and_nav" }),
  });
}
