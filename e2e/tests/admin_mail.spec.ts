import { register, shownReference } from "./board";
import { expect, test } from "./post";

test.beforeEach(({ post }) => {
  post.refusals = [];
});

test("the administrator sends herself a test mail and sees that it was taken", async ({ as, post }) => {
  const page = await as("admin");
  await page.goto("/admin/mail");
  await page.getByRole("button", { name: "Send prøve til meg" }).click();
  await expect(page.getByRole("status")).toContainText("Prøven er ferdig");
  await expect.poll(() => post.to("admin@example.no").map((mail) => mail.subject)).toEqual(["[Samløp] Prøve av e-post"]);
  const row = page.getByRole("row").nth(1);
  await expect.poll(async () => (await page.reload(), row.textContent())).toMatch(/Prøve.*admin@example\.no.*Sendt.*1.*taken/);
  const steps = page.locator(".mail-steps li");
  await expect(steps).toContainText([/^Kontakt med e-posttjeneren.*Gikk bra/, /^Avsender.*Gikk bra/, /^Mottaker.*Gikk bra/, /^Innhold.*Gikk bra.*taken/]);
});

test("a refused mail has the mail server's own words, and is sent again in one press", async ({ as, expectComplaint, post }) => {
  expectComplaint(/mail refused for good/);
  const page = await as("admin");
  await page.goto("/admin/mail");
  post.refusals = [{ responseCode: 550, message: "No such mailbox in this town" }];
  await page.getByRole("button", { name: "Send prøve til meg" }).click();
  await expect(page.getByRole("status")).toContainText("Prøven er ferdig");
  const row = page.getByRole("row").nth(1);
  await expect.poll(async () => (await page.reload(), row.textContent())).toMatch(/Feilet.*550.*No such mailbox in this town/);
  expect(post.mails).toEqual([]);
  await expect(page.locator(".mail-steps li").last()).toContainText(/^Mottaker.*Stoppet her.*550/);
  await expect(page.getByText("E-posttjeneren godtar ikke mottakeren. Se etter at adressen er riktig.").first()).toBeVisible();
  await row.getByRole("button", { name: "Send på nytt" }).click();
  await expect(page.getByRole("status")).toContainText("sendes på nytt");
  await expect.poll(() => post.to("admin@example.no").length).toBe(1);
  await expect.poll(async () => (await page.reload(), row.textContent())).toContain("Sendt");
});

test("a mail that can't be sent yet waits in the queue with the reason and the time of the next try", async ({ as, post }) => {
  const page = await as("admin");
  await page.goto("/admin/mail");
  post.refusals = [{ responseCode: 451, message: "Come back later" }];
  await page.getByRole("button", { name: "Send prøve til meg" }).click();
  await expect(page.getByRole("status")).toContainText("Prøven er ferdig");
  const row = page.getByRole("row").nth(1);
  await expect
    .poll(async () => (await page.reload(), row.textContent()))
    .toMatch(/I kø.*1.*451.*Come back later.*Prøves igjen i dag kl\. \d\d\.\d\d/);
  await expect(page.getByText("Eldste i kø")).toBeVisible();
  await expect.poll(() => post.to("admin@example.no").length, { timeout: 20_000 }).toBe(1);
  await expect.poll(async () => (await page.reload(), row.textContent())).toMatch(/Sendt.*2/);
});

test("the list shows reference and recipient of a note's mail, but no name", async ({ as, page, post, track }) => {
  const path = await register(page, track, {
    name: "Hemmelig Ørnefjell",
    navContact: "Nav-kontakt Prøve",
    navOffice: "Nav Prøveby øst",
  });
  await page.goto(path);
  const reference = await shownReference(page);
  await page.getByLabel("Nytt notat").fill("Står i notatet");
  await page.getByRole("button", { name: "Lagre notat" }).click();
  await expect.poll(() => post.to("nav@example.no").map((mail) => mail.subject)).toContainEqual(expect.stringContaining("Nytt notat"));
  const admin = await as("admin");
  await admin.goto("/admin/mail");
  await expect(admin.getByRole("row").nth(1)).toContainText(`Nytt notat om ${reference}`);
  await expect(admin.getByRole("row").nth(1)).toContainText("nav@example.no");
  await expect(admin.getByText("Ørnefjell")).toHaveCount(0);
  await expect(admin.getByText("Står i notatet")).toHaveCount(0);
});

test("nobody but the administrator sees mail delivery", async ({ as }) => {
  for (const who of ["inn", "nav", "leder"] as const) {
    const page = await as(who);
    expect((await page.goto("/admin/mail"))!.status()).toBe(403);
    await expect(page.getByRole("heading", { level: 1, name: "Du har ikke tilgang til dette" })).toBeVisible();
    await expect(page.getByRole("link", { name: "E-postlevering" })).toHaveCount(0);
  }
});

test("a pause keeps mails back until it is over, and says who paused them", async ({ as, page, post, track }) => {
  const admin = await as("admin");
  await admin.goto("/admin/mail");
  await admin.getByRole("button", { name: "Sett all e-post på pause" }).click();
  await expect(admin.getByText(/Admin Prøve satte e-posten på pause i dag/)).toBeVisible();
  await register(page, track, { name: "Pause Prøvestad", navContact: "Nav-kontakt Prøve", navOffice: "Nav Prøveby øst" });
  await admin.goto("/admin/mail?state=queued");
  await expect(admin.getByRole("row").nth(1)).toContainText("Du er ny kontakt");
  expect(post.mails).toEqual([]);
  await admin.getByRole("button", { name: "Send e-post igjen" }).click();
  await expect.poll(() => post.to("nav@example.no").length).toBe(1);
});

test("mails are found by recipient, and a search for nobody says so", async ({ as }) => {
  const page = await as("admin");
  await page.goto("/admin/mail");
  await page.getByLabel("Søk etter mottaker").fill("TORE@");
  await page.getByRole("button", { name: "Søk" }).click();
  for (const row of (await page.getByRole("row").all()).slice(1)) await expect(row).toContainText("tore@example.no");
  await page.getByLabel("Søk etter mottaker").fill("finnes-ikke");
  await page.getByLabel("Status").selectOption("Feilet");
  await page.getByRole("button", { name: "Søk" }).click();
  await expect(page.getByRole("status")).toHaveText("Ingen e-poster passer til søket.");
});

test("more than the reference is told in mails only after the administrator has read what it means", async ({ as }) => {
  const page = await as("admin");
  await page.goto("/admin/mail");
  await page.getByRole("link", { name: "Endre" }).click();
  await page.getByLabel("Hva e-poster og kalendere kan fortelle").selectOption("Referansen og initialene");
  await page.getByRole("button", { name: "Lagre valget" }).click();
  await expect(page.getByRole("group", { name: "Du må rette dette før du kan lagre" })).toContainText("Kryss av for at du har lest teksten");
  await expect(page.getByLabel("Hva e-poster og kalendere kan fortelle")).toHaveValue("initials");
  await page.getByLabel("Jeg har lest dette").check();
  await page.getByRole("button", { name: "Lagre valget" }).click();
  await expect(page.getByRole("status")).toHaveText("Valget er lagret");
  await expect(page.getByText(/Valgt av Admin Prøve i dag/)).toBeVisible();
  await page.getByRole("link", { name: "Endre" }).click();
  await page.getByLabel("Hva e-poster og kalendere kan fortelle").selectOption("Bare referansen");
  await page.getByRole("button", { name: "Lagre valget" }).click();
  await expect(page.getByText("Bare referansen")).toBeVisible();
});
