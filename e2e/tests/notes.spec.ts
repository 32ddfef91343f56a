import { register } from "./board";
import { expect, test } from "./fixtures";

const OWN_UNIT = "Bare egen enhet";

test("a note is rendered, kept, and seen by NAV, but not when it is for INN alone", async ({ as, page, track }) => {
  const path = await register(page, track, { name: "Notat Prøvestad", navOffice: "Nav Prøveby sentrum" });
  await page.goto(path);
  for (const [text, level] of [["Møte **tirsdag**", "INN og Nav"], ["Bare for oss", OWN_UNIT]]) {
    await page.getByLabel("Nytt notat").fill(text);
    await page.getByLabel("Hvem kan lese notatet?").selectOption(level);
    await page.getByRole("button", { name: "Lagre notat" }).click();
    await expect(page.getByRole("status").first()).toContainText("Notatet er lagret");
  }
  await expect(page.locator(".entry.note strong")).toHaveText("tirsdag");
  await expect(page.locator(".entry.note").first()).toContainText("Bare for oss");
  const nav = await as("nav");
  await nav.goto(path);
  await expect(nav.locator(".entry.note")).toHaveCount(1);
  await expect(nav.getByText("Bare for oss")).toHaveCount(0);
  // Only the author may change it.
  await expect(nav.getByText("Endre notatet")).toHaveCount(0);
});

test("markup in a note is shown as it was written", async ({ page, track }) => {
  await page.goto(await register(page, track, { name: "Notat Prøvestad" }));
  const attack = `<script>document.title = "x"</script> </textarea><b>fet</b> [lenke](javascript:alert(1))`;
  await page.getByLabel("Nytt notat").fill(attack);
  await page.getByRole("button", { name: "Lagre notat" }).click();
  const note = page.locator(".entry.note .prose").first();
  await expect(note).toContainText("<script>");
  await expect(note.locator("script, b, a")).toHaveCount(0);
  await page.getByText("Endre notatet").click();
  await expect(page.getByLabel("Notat", { exact: true })).toHaveValue(attack);
});

test("a changed note keeps its earlier text", async ({ page, track }) => {
  await page.goto(await register(page, track, { name: "Notat Prøvestad" }));
  await page.getByLabel("Nytt notat").fill("Første tekst");
  await page.getByRole("button", { name: "Lagre notat" }).click();
  await page.getByText("Endre notatet").click();
  await page.getByLabel("Notat", { exact: true }).fill("Andre tekst");
  await page.getByRole("button", { name: "Lagre endringen" }).click();
  const note = page.locator(".entry.note").first();
  await expect(note.locator(".prose").first()).toHaveText("Andre tekst");
  await note.getByText("Tidligere tekster (1)").click();
  await expect(note.getByText("Første tekst")).toBeVisible();
});

test("a draft survives a reload and never comes up on another participant's page", async ({ page, track }) => {
  const one = await register(page, track, { name: "En Prøvestad" });
  const other = await register(page, track, { name: "To Prøvestad" });
  await page.goto(one);
  const note = page.getByLabel("Nytt notat");
  await expect(async () => {
    // The page hears what is typed once its library is awake.
    await note.fill("Halvferdig notat");
    await page.reload();
    await expect(note).toHaveValue("Halvferdig notat", { timeout: 1_000 });
  }).toPass();
  await expect(page.getByText("Utkastet ditt er hentet fram igjen.")).toBeVisible();
  await page.goto(other);
  await expect(note).toHaveValue("");
  await page.goto(one);
  await expect(note).toHaveValue("Halvferdig notat");
  await page.getByRole("button", { name: "Lagre notat" }).click();
  await expect(page.getByRole("status").first()).toContainText("Notatet er lagret");
  await page.goto(one);
  await expect(note).toHaveValue("");
  await expect(page.getByText("Utkastet ditt er hentet fram igjen.")).toHaveCount(0);
});

test("an identity number is refused, and what was typed stands there still", async ({ page, track }) => {
  await page.goto(await register(page, track, { name: "Notat Prøvestad" }));
  await page.getByLabel("Nytt notat").fill("Ring om fnr 138972 40054");
  await page.getByRole("button", { name: "Lagre notat" }).click();
  await expect(page.locator(".ds-error-summary")).toContainText("fødselsnummer");
  await expect(page.getByLabel("Nytt notat")).toHaveValue("Ring om fnr 138972 40054");
  await page.getByLabel("Nytt notat").fill("Ring om opptak");
  await page.getByRole("button", { name: "Lagre notat" }).click();
  await expect(page.locator(".entry.note .prose")).toHaveText("Ring om opptak");
  await expect(page).toHaveURL(/\/participants\/[0-9a-f-]+\?done=note-/);
});
