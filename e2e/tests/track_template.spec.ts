import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { type Page } from "@playwright/test";

import { checkAccessibility } from "./accessible";
import { SECOND } from "./board";
import { expect, test } from "./fixtures";

/** The example in the documentation. */
const EXAMPLE = readFileSync(resolve(__dirname, "../../docs/track-template.md"), "utf8").split("```toml\n")[1].split("```")[0];

const text = (page: Page) => page.getByLabel("Teksten i filen");
const name = (page: Page) => page.getByLabel("Navn", { exact: true });
const phases = (page: Page) => page.locator(".phase-list h3");
const faults = (page: Page) => page.getByRole("region", { name: "Feil i filen" }).getByRole("listitem");

test("a track is downloaded, and a new one is made of the file", async ({ as, track }) => {
  const page = await as("admin");
  await page.goto(`/admin/tracks/${track}`);
  await page.getByRole("link", { name: SECOND, exact: true }).click();
  await page.getByLabel("Årsak, med egne ord").check();
  await page.getByLabel("Mål", { exact: true }).check();
  await page.getByRole("button", { name: "Lagre" }).click();
  await expect(page.getByRole("status")).toHaveText("Fasen er lagret");
  const names = await phases(page).allTextContents();
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Last ned som mal" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe(`${track}.toml`);
  const file = await download.path();
  expect(readFileSync(file, "utf8")).toMatch(/^samlop_track_template = 1\n/);

  await page.getByRole("link", { name: "Alle løp" }).click();
  await page.getByRole("link", { name: "Nytt løp fra fil" }).click();
  await page.getByLabel("Velg en fil").setInputFiles(file);
  await expect(page.getByText("Teksten i filen står nå i feltet under.")).toBeVisible();
  await expect(text(page)).toHaveValue(readFileSync(file, "utf8"));
  await page.getByRole("button", { name: "Se gjennom" }).click();
  // The track itself has the name that is in its file.
  await expect(page.getByRole("group", { name: /Du må rette dette/ }).getByRole("link")).toHaveText(["Navn: Dette finnes fra før."]);
  await name(page).fill(`Fra fil ${track}`);
  await page.getByRole("button", { name: "Se gjennom på nytt" }).click();
  await expect(page.getByRole("heading", { name: `Slik blir løpet «Fra fil ${track}»` })).toBeFocused();
  await expect(phases(page)).toHaveText(names);
  await expect(page.locator(".phase-list > li").nth(1)).toContainText("Krever når noen kommer inn: Årsak, med egne ord; Mål");
  await checkAccessibility(page);
  await page.getByRole("button", { name: "Lag løpet" }).click();
  await expect(page.getByRole("status")).toHaveText("Løpet er laget");
  await expect(page).toHaveURL(new RegExp(`/admin/tracks/fra-fil-${track}`));
  await expect(phases(page)).toHaveText(names);
  await page.getByRole("link", { name: SECOND, exact: true }).click();
  await expect(page.getByLabel("Mål", { exact: true })).toBeChecked();
});

test("a file that is no such file or too large is told of, and nothing is made", async ({ as }) => {
  const page = await as("admin");
  await page.goto("/admin/tracks");
  const before = await page.locator(".phase-list").textContent();
  await page.goto("/admin/new-track/file");
  await text(page).fill("Det som sto her");
  await page.getByLabel("Velg en fil").setInputFiles({ name: "stor.toml", mimeType: "text/plain", buffer: Buffer.alloc(70_000, "[[phases]]\n") });
  await expect(page.getByText("Filen er for stor, og er ikke lest. Det er plass til 64 kB.")).toBeVisible();
  await expect(text(page)).toHaveValue("Det som sto her");
  await page.getByRole("button", { name: "Se gjennom" }).click();
  await expect(faults(page)).toHaveText([/^Linje 1: Linjen kan ikke leses/]);
  await checkAccessibility(page);

  const wrong = EXAMPLE.replace("agreed_days = 30", "agred_days = 30").replace("Avsluttet", "PRAKSIS").replace("25", "\"mange\"");
  await text(page).fill(wrong);
  await page.getByRole("button", { name: "Se gjennom på nytt" }).click();
  await expect(faults(page)).toHaveText([
    /^Linje 7, fase 1: agred_days: Dette navnet er ukjent her/,
    /^Linje 12, fase 2: limit: Skriv et helt tall fra 1 til 1000/,
    /^Linje 24, fase 3: name: Fasen på linje 10 har samme navn/,
  ]);
  await expect(text(page)).toHaveValue(wrong);
  await checkAccessibility(page);
  await page.goto("/admin/tracks");
  await expect(page.locator(".phase-list")).toHaveText(before!);
});

test("by keyboard alone a file is pasted, looked over and becomes a track", async ({ as, track }) => {
  const page = await as("admin");
  await page.goto("/admin/new-track/file");
  await text(page).focus();
  await page.keyboard.insertText(EXAMPLE);
  await page.keyboard.press("Tab");
  await expect(name(page)).toBeFocused();
  await page.keyboard.type(`Tastatur ${track}`);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: `Slik blir løpet «Tastatur ${track}»` })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Lag løpet" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toHaveText("Løpet er laget");
  await expect(phases(page)).toHaveText(["Kartlegging", "Praksis", "Avsluttet"]);
});

test("without a script the file's text is pasted, and what is changed after a look is looked over again", async ({ as, track }) => {
  const page = await as("admin", { javaScriptEnabled: false });
  await page.goto("/admin/new-track/file");
  await expect(page.getByLabel("Velg en fil")).toBeHidden();
  await text(page).fill(EXAMPLE);
  await name(page).fill(`Uten ${track}`);
  await page.getByRole("button", { name: "Se gjennom" }).click();
  await expect(page.locator(".phase-list > li").nth(1)).toContainText("Lager oppgaven «Avtal trepartsmøte». Kontakt i Nav, frist etter 5 virkedager");
  await text(page).fill(EXAMPLE.replace("Kartlegging", "Begynnelse"));
  await page.getByRole("button", { name: "Lag løpet" }).click();
  await expect(phases(page)).toHaveText(["Begynnelse", "Praksis", "Avsluttet"]);
  await page.getByRole("button", { name: "Lag løpet" }).click();
  await expect(page.getByRole("status")).toHaveText("Løpet er laget");
  await expect(phases(page)).toHaveText(["Begynnelse", "Praksis", "Avsluttet"]);
});
