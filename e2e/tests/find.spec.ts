import { type Page } from "@playwright/test";

import { FIRST, register } from "./board";
import { day } from "./days";
import { expect, test } from "./fixtures";

const hits = (page: Page, kind: string) => page.getByRole("region", { name: new RegExp(`^${kind}`) }).getByRole("listitem");

test("the key / leads to the field, and a name that is spelt otherwise leads to the record", async ({ page, track }) => {
  await register(page, track, { name: `Søren Muhammad ${track}`, phase: FIRST });
  await page.goto("/tracks");
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Søk etter deltaker, notat eller oppgave" })).toBeFocused();
  await page.keyboard.type(`mohammed soren ${track}`);
  await page.keyboard.press("Enter");
  await expect(hits(page, "Deltakere")).toHaveCount(1);
  await expect(hits(page, "Deltakere")).toContainText(FIRST);
  await expect(page.getByRole("searchbox")).toHaveValue(`mohammed soren ${track}`);
  await hits(page, "Deltakere").getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Søren Muhammad");
});

test("a note and a task are found by their text, with the hit, and the link leads to their place", async ({ as, page, track }) => {
  const record = await register(page, track, { name: "Funnet Prøvestad" });
  await page.goto(record);
  await page.getByLabel("Nytt notat").fill(`Vi sender SØKNADEN om ${track} i dag.`);
  await page.getByRole("button", { name: "Lagre notat" }).click();
  await page.goto(`${record}/tasks/new`);
  await page.getByLabel("Tittel").fill(`Følg opp ${track}`);
  await page.getByLabel("Frist").fill(day(30));
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
  // Without a script it is a plain form.
  const plain = await as("leder", { javaScriptEnabled: false });
  await plain.goto("/find");
  await plain.getByRole("searchbox").fill(`soknaden ${track}`);
  await plain.getByRole("button", { name: "Søk", exact: true }).click();
  await expect(hits(plain, "Notater").locator("mark")).toHaveText("SØKNADEN");
  await hits(plain, "Notater").getByRole("link").click();
  await expect(plain).toHaveURL(/\/participants\/[0-9a-f-]+#note-/);
  await page.goto(`/find?q=${encodeURIComponent(`folg ${track}`)}`);
  await expect(hits(page, "Oppgaver").locator("mark")).toHaveText("Følg");
});

test("nothing found says so and what to try, and an identity number is not searched for", async ({ page, expectComplaint }) => {
  await page.goto("/find?q=xyzzyx");
  await expect(page.getByRole("main")).toContainText("Fant ingenting som passer med «xyzzyx»");
  await expect(page.getByRole("main")).toContainText("Prøv færre ord");
  expectComplaint(/422/);
  await page.goto("/find?q=13897240054");
  await expect(page.getByRole("alert")).toContainText("fødselsnummer");
  await expect(page.getByRole("searchbox")).toHaveValue("13897240054");
});

test("on a phone a link leads to the field, and so does the key", async ({ as }) => {
  const page = await as("inn", { viewport: { width: 360, height: 740 } });
  await page.goto("/tasks");
  await page.getByRole("link", { name: "Søk", exact: true }).click();
  await expect(page.getByRole("searchbox")).toBeVisible();
  await page.goto("/tasks");
  await page.keyboard.press("/");
  await expect(page).toHaveURL(/\/find$/);
});

test("the key is only a letter while something is typed, and can be turned off", async ({ as, page, track }) => {
  await page.goto(await register(page, track, { name: "Skråstrek Prøve" }));
  await page.getByLabel("Nytt notat").fill("24");
  await page.getByLabel("Nytt notat").press("/");
  await expect(page.getByLabel("Nytt notat")).toHaveValue("24/");

  const leader = await as("leder");
  await leader.goto("/account");
  await leader.getByRole("button", { name: "Slå av tasten /" }).click();
  await expect(leader.getByRole("status")).toHaveText("Valget ditt er lagret.");
  await leader.keyboard.press("/");
  await expect(leader.getByRole("searchbox")).not.toBeFocused();
  await leader.getByRole("button", { name: "Slå på tasten /" }).click();
  await expect(leader.getByRole("button", { name: "Slå av tasten /" })).toBeVisible();
  await leader.waitForLoadState();
  await leader.keyboard.press("/");
  await expect(leader.getByRole("searchbox")).toBeFocused();
});
