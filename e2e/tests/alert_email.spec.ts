import { type AddressInfo } from "node:net";

import { expect, test as base } from "@playwright/test";
import { SMTPServer } from "smtp-server";

import { PASSWORD, PUBLIC_URL, Samlop } from "./samlop";

type Mail = { to: string; source: string };

/** A real mail server that keeps what it is given. */
class Post {
  readonly mails: Mail[] = [];
  /** What to answer the next recipients with instead of taking the mail. */
  refusals: { responseCode: number; message: string }[] = [];
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo: (_address, _session, answer) => {
      const refusal = this.refusals.shift();
      answer(refusal ? Object.assign(new Error(refusal.message), refusal) : null);
    },
    onData: (stream, session, answer) => {
      const parts: Buffer[] = [];
      stream.on("data", (part) => parts.push(part));
      stream.on("end", () => {
        const source = Buffer.concat(parts).toString();
        for (const { address } of session.envelope.rcptTo) this.mails.push({ to: address, source });
        answer(null, "taken");
      });
    },
  });

  async open(): Promise<string> {
    this.server.on("error", () => {}); // A killed client breaks off; that is what is tried here.
    await new Promise<void>((ready) => this.server.listen(0, "127.0.0.1", ready));
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((closed) => this.server.close(closed));
  }

  to(address: string): Mail[] {
    return this.mails.filter((mail) => mail.to === address);
  }
}

/** The demo with a mail server, for this test alone. */
const test = base.extend<{ post: Post; town: Samlop }>({
  post: async ({}, use) => {
    const post = new Post();
    await use(post);
    await post.close();
  },
  town: async ({ post }, use) => {
    const town = await Samlop.start({ demo: true, smtpUrl: await post.open() });
    await use(town);
    await town.remove();
  },
});

/** Headers with their folds undone and their encoded words read, and the decoded body. */
function decode(source: string): { headers: string; body: string } {
  const [head, ...rest] = source.split("\r\n\r\n");
  const headers = head.replace(/\r\n[ \t]/g, " ").replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, word) => Buffer.from(word, "base64").toString());
  const quoted = rest.join("\r\n\r\n").replace(/=\r\n/g, "");
  const bytes = quoted.replace(/=([0-9A-F]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
  return { headers, body: /quoted-printable/i.test(head) ? Buffer.from(bytes, "latin1").toString() : quoted };
}

const header = (mail: Mail, name: string) => new RegExp(`^${name}: (.*)$`, "mi").exec(decode(mail.source).headers)?.[1].trim();

/** The address of a participant whom both INN's and NAV's contact follow. */
async function participant(town: Samlop): Promise<{ id: string; cookie: string }> {
  const cookie = `samlop_session=${await town.logIn("inn@example.no")}`;
  const board = await (await fetch(`${town.url}/tracks/introlop`, { headers: { Cookie: cookie } })).text();
  for (const id of new Set([...board.matchAll(/\/participants\/([0-9a-f-]{36})/g)].map((match) => match[1]))) {
    const record = await (await fetch(`${town.url}/participants/${id}`, { headers: { Cookie: cookie } })).text();
    const followers = /id="followers"[\s\S]*?<p>(.*?)<\/p>/.exec(record)?.[1] ?? "";
    if (followers.includes("Inn-kontakt Prøve") && followers.includes("Nav-kontakt Prøve")) return { id, cookie };
  }
  throw new Error("nobody is followed by both");
}

function writeNote(town: Samlop, cookie: string, id: string, text: string): Promise<Response> {
  return fetch(`${town.url}/api/notes/save`, {
    method: "POST",
    headers: { Cookie: cookie, Origin: town.url },
    body: new URLSearchParams({ "form[participant]": id, "form[text]": text, "form[visibility]": "inn_and_nav" }),
  });
}

test("a note by INN reaches NAV's mailbox once within five seconds, and tells nothing", async ({ page, post, town }) => {
  await page.goto(`${town.url}/login`);
  await page.getByLabel("E-post").fill("inn@example.no");
  await page.getByLabel("Passord").fill(PASSWORD);
  await page.getByRole("button", { name: "Logg inn" }).click();
  await page.waitForURL(/tracks/);
  const { id } = await participant(town);
  await page.goto(`${town.url}/participants/${id}`);
  const name = (await page.getByRole("heading", { level: 1 }).textContent())!;
  const meta = (await page.locator(".page-head .meta").textContent())!;
  const phase = /: ([^,:]+), \d+ dag/.exec(meta)![1];
  const reference = /D-\d+/.exec(meta)![0];
  await page.getByLabel("Nytt notat").fill("Rørleggerverkstedet tilbyr hospitering fredag");
  await page.getByRole("button", { name: "Lagre notat" }).click();
  await expect(page.getByRole("status")).toContainText(/får varsel/);

  await expect.poll(() => post.to("nav@example.no").length, { timeout: 5_000 }).toBe(1);
  expect(post.to("inn@example.no")).toEqual([]);
  const [mail] = post.to("nav@example.no");
  const { headers, body } = decode(mail.source);
  expect(headers).toContain(`Subject: [Samløp ${reference}] Nytt notat`);
  expect(body).toContain(`${PUBLIC_URL}/participants/${id}#note-`);
  const words = [...name.split(/[ -]/), phase, "Rørleggerverkstedet", "tilbyr", "hospitering", "fredag"];
  for (const word of words) expect(`${headers}\n${body}`.toLowerCase()).not.toContain(word.toLowerCase());
  // Once means once: a later note is the second mail, and nothing came between.
  await writeNote(town, `samlop_session=${await town.logIn("inn@example.no")}`, id, "Enda et notat");
  await expect.poll(() => post.to("nav@example.no").length).toBe(2);
  expect(new Set(post.to("nav@example.no").map((each) => header(each, "Message-ID"))).size).toBe(2);
  expect(new Set(post.to("nav@example.no").map((each) => header(each, "References"))).size).toBe(1);
});

test("whoever gets a task is told by mail, whoever makes one for herself is not", async ({ post, town }) => {
  const { id, cookie } = await participant(town);
  const form = await (await fetch(`${town.url}/participants/${id}/tasks/new`, { headers: { Cookie: cookie } })).text();
  const options = [...form.matchAll(/<option value="([0-9a-f-]{36})"[^>]*>([^<]*)/g)];
  const person = (name: string) => options.find(([, , text]) => text.startsWith(name))![1];
  for (const assignee of [person("Inn-kontakt Prøve"), person("Nav-kontakt Prøve")]) {
    const answer = await fetch(`${town.url}/api/tasks/add`, {
      method: "POST",
      headers: { Cookie: cookie, Origin: town.url },
      body: new URLSearchParams({
        "form[participant]": id,
        "form[title]": "Bestill bussbillett",
        "form[assignee]": assignee,
        "form[due]": new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
      }),
    });
    expect(answer.status).toBe(200);
  }
  await expect.poll(() => post.mails.length).toBe(1);
  expect(post.mails[0].to).toBe("nav@example.no");
  expect(decode(post.mails[0].source).body).not.toContain("bussbillett");
});

test("the administrator sees the mail server's own words, and sends a refused mail again", async ({ page, post, town }) => {
  await page.goto(`${town.url}/login`);
  await page.getByLabel("E-post").fill("admin@example.no");
  await page.getByLabel("Passord").fill(PASSWORD);
  await page.getByRole("button", { name: "Logg inn" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "E-postlevering" })).toBeVisible();
  post.refusals = [{ responseCode: 550, message: "No such mailbox in this town" }];
  await page.getByRole("button", { name: "Send prøve til meg" }).click();
  const row = page.getByRole("row").filter({ hasText: "Prøve" }).first();
  await expect.poll(async () => (await page.reload(), row.textContent())).toContain("No such mailbox in this town");
  await expect(row).toContainText("Feilet");
  await row.getByRole("button", { name: "Send på nytt" }).click();
  await expect.poll(() => post.to("admin@example.no").length).toBe(1);
  await expect.poll(async () => (await page.reload(), row.textContent())).toContain("Sendt");
});

test("no mail is lost when the program is killed fifty times between note and mail", async ({ post, town }) => {
  test.setTimeout(240_000);
  const { id, cookie } = await participant(town);
  // A fixed small generator: random enough for the moments, the same in every run.
  let seed = 20_261_121;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  let kept = 0;
  for (let round = 0; round < 50; round += 1) {
    // Waits for the note's answer or not, then for a moment; both make the kill fall everywhere on the way.
    const answer = writeNote(town, cookie, id, `Notat nummer ${round}`).then((answer) => answer.status, () => 0);
    await new Promise((later) => setTimeout(later, random() * 60));
    await town.kill();
    if ((await answer) === 200) kept += 1;
    await town.begin();
  }
  expect(kept).toBeGreaterThan(10);
  const record = await (await fetch(`${town.url}/participants/${id}?show=notes`, { headers: { Cookie: cookie } })).text();
  const written = new Set([...record.matchAll(/Notat nummer (\d+)/g)].map((match) => match[1])).size;
  expect(written).toBeGreaterThanOrEqual(kept);
  const ids = () => new Set(post.to("nav@example.no").map((mail) => header(mail, "Message-ID")));
  // A claimed mail is free again after a minute.
  await expect.poll(() => ids().size, { timeout: 100_000, intervals: [500] }).toBe(written);
  const doubles = post.to("nav@example.no").length - written;
  test.info().annotations.push({ type: "doubles", description: `${doubles} of ${written}, each with the Message-ID of the first` });
  expect(post.to("inn@example.no")).toEqual([]);
});
