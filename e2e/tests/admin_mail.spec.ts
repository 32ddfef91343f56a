import { register } from "./board";
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
});

test("a refused mail has the mail server's own words, and is sent again in one press", async ({ as, expectComplaint, post }) => {
  expectComplaint(/mail refused for good/);
  const page = await as("admin");
  await page.goto("/admin/mail");
  post.refusals = [{ responseCode: 550, message: "No such mailbox in this town" }];
  await page.getByRole("button", { name: "Send prøve til meg" }).click();
  const row = page.getByRole("row").nth(1);
  await expect.poll(async () => (await page.reload(), row.textContent())).toMatch(/Feilet.*550.*No such mailbox in this town/);
  expect(post.mails).toEqual([]);
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
  const reference = /D-\d+/.exec((await page.locator(".page-head .meta").textContent())!)![0];
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
