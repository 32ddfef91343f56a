import { Board } from "./board";
import { expect, test } from "./fixtures";

test("a participant is registered by form and stands on the board", async ({ page, track }) => {
  await page.goto(`/tracks/${track}`);
  await page.getByRole("link", { name: "Ny deltaker" }).click();
  await page.getByRole("button", { name: "Registrer deltaker" }).click();
  await expect(page.locator(".ds-error-summary")).toContainText("Navn");
  await page.getByLabel("Navn").fill("Skjema Fjordprøve");
  await page.getByLabel("E-post").fill("ikke en adresse");
  await page.getByLabel("Telefon").fill("900 00 001");
  await page.getByLabel("Fase").selectOption("Vedtak");
  await page.locator("form.stack").evaluate((form: HTMLFormElement) => (form.noValidate = true));
  await page.getByRole("button", { name: "Registrer deltaker" }).click();
  await expect(page.locator(".ds-error-summary")).toContainText("E-post");
  await expect(page.getByLabel("Navn")).toHaveValue("Skjema Fjordprøve");
  await expect(page.getByLabel("Fase")).toHaveValue(/./);
  await page.getByLabel("E-post").fill("skjema@example.org");
  await page.getByRole("button", { name: "Registrer deltaker" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Skjema Fjordprøve" })).toBeVisible();
  await expect(page.getByRole("status").first()).toHaveText("Deltakeren er registrert");
  const board = new Board(page, track);
  await board.open();
  await board.expectOrder("Vedtak", ["Skjema Fjordprøve"]);
});

test("what the timeline can show stands side by side, above it", async ({ board, page }) => {
  await board.fill("Bosetting", "Tidslinje Prøvestad");
  await board.link("Tidslinje Prøvestad").click();
  const links = page.getByRole("navigation", { name: "Vis i tidslinja" }).getByRole("link");
  const tops = await links.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top));
  expect(tops.length).toBeGreaterThan(2);
  expect(new Set(tops).size).toBe(1);
});

test("details, contacts, waiting and following are changed, and the timeline tells it", async ({ board, page }) => {
  await board.fill("Bosetting", "Endring Prøvestad");
  await board.link("Endring Prøvestad").click();
  await page.getByRole("link", { name: "Endre opplysninger" }).click();
  await page.getByLabel("Mål", { exact: true }).fill("Bli elektriker");
  await page.getByLabel("Nav-kontor").selectOption("Nav Prøveby øst");
  await page.getByRole("button", { name: "Lagre", exact: true }).click();
  await expect(page.getByText("Mål: fra ingenting til «Bli elektriker».")).toBeVisible();

  await page.getByText("Velg kontakter").click();
  await page.getByLabel("Kontakt i Nav").selectOption({ label: "Nav-kontakt Prøve, Nav Prøveby sentrum" });
  await page.getByRole("button", { name: "Lagre kontakter" }).click();
  await expect(page.locator("section", { has: page.getByRole("heading", { name: "Følgere" }) })).toContainText("Nav-kontakt Prøve");

  await page.getByLabel("Hvem har neste steg?").selectOption("Nav");
  await page.getByRole("button", { name: "Lagre hvem vi venter på" }).click();
  await expect(page.locator(".page-head")).toContainText("Venter på Nav");
  await board.open();
  await expect(board.card("Endring Prøvestad")).toContainText("Venter på Nav");

  await board.link("Endring Prøvestad").click();
  const follow = page.getByRole("button", { name: /Følg deltakeren|Slutt å følge/ });
  const before = await follow.textContent();
  await follow.click();
  await expect(follow).not.toHaveText(before!);
});

test("two who change the same details at once lose nothing", async ({ as, board, page }) => {
  await board.fill("Bosetting", "Samtidig Prøvestad");
  await board.link("Samtidig Prøvestad").click();
  await page.getByRole("link", { name: "Endre opplysninger" }).click();
  const other = await as("leder");
  await other.goto(page.url());
  await other.getByLabel("Telefon").fill("900 00 002");
  await other.getByRole("button", { name: "Lagre", exact: true }).click();
  await expect(other.getByRole("status").first()).toHaveText("Opplysningene er lagret");
  await page.getByLabel("Mål", { exact: true }).fill("Mitt lange mål");
  await page.getByRole("button", { name: "Lagre", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Leder Prøve lagret");
  await expect(page.getByLabel("Mål", { exact: true })).toHaveValue("Mitt lange mål");
});
