import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { type Page, expect } from "@playwright/test";

import { FIRST, register } from "./board";
import { day } from "./days";
import { type Who } from "./fixtures";
import { keepView } from "./keep_view";

/** A page, as `app` names it, with who looks at it and where it is. */
export type Visit = { route: string; who: Who; path: string };

const SOURCE = resolve(__dirname, "../../app/src/frame.rs");

/** Words without a blank in them, as long as a field takes them. */
export const LONG_NAME = `Ørnefjell${"-Skissedalsprøve".repeat(6)}`;
const LONG_WORD = "Kompetansekartleggingsgjennomføringsansvarlig".repeat(3);

/** Fills a track with one participant about whom there is everything, and tells where every page is. */
export async function everyPage(page: Page, track: string): Promise<Visit[]> {
  const record = await register(page, track, {
    name: LONG_NAME,
    phase: FIRST,
    innContact: "Inn-kontakt Prøve",
    navContact: "Nav-kontakt Prøve",
    navOffice: "Nav Prøveby øst",
  });
  await page.goto(record);
  await page.getByLabel("Nytt notat").fill(`**${LONG_WORD}** https://example.no/${"a".repeat(150)}\n\n- en\n- to`);
  await page.getByRole("button", { name: "Lagre notat" }).click();
  await expect(page.getByRole("status").first()).toContainText("Notatet er lagret");
  await page.goto(`${record}/tasks/new`);
  await page.getByLabel("Tittel").fill(LONG_WORD);
  await page.getByLabel("Beskrivelse").fill(LONG_WORD);
  await page.getByLabel("Frist").fill(day(-300));
  await page.getByRole("button", { name: "Lagre oppgave" }).click();
  const task = await page.getByRole("link", { name: LONG_WORD }).getAttribute("href");
  await page.goto("/task-templates");
  // Open already where there are none yet.
  await page.locator("details", { hasText: "Ny mal" }).evaluate((details: HTMLDetailsElement) => (details.open = true));
  await page.getByLabel("Navn", { exact: true }).fill(`${track} ${LONG_WORD.slice(0, 60)}`);
  await page.getByLabel("Tittel").fill(LONG_WORD);
  await page.getByLabel("Frist, i arbeidsdager").fill("5");
  await page.getByRole("button", { name: "Lagre mal" }).click();
  const template = await page.getByRole("link", { name: track }).getAttribute("href");
  await keepLongView(page);
  await page.goto(`/tracks/${track}`);
  const card = await page.locator(".card").first().getAttribute("id");
  const phase = await page.locator(".phase").first().getAttribute("data-phase");
  const managed = `/admin/tracks/${track}`;

  const visits: Visit[] = [
    { route: "/", who: "inn", path: "/" },
    { route: "/login", who: "nobody", path: "/login" },
    { route: "/accessibility", who: "nobody", path: "/accessibility" },
    { route: "/tracks", who: "inn", path: "/tracks" },
    { route: "/tracks/:slug", who: "inn", path: `/tracks/${track}` },
    { route: "/tracks/:slug/move", who: "inn", path: `/tracks/${track}/move?card=${card}` },
    { route: "/tracks/:slug/select", who: "inn", path: `/tracks/${track}/select` },
    { route: "/tracks/:slug/participants/new", who: "inn", path: `/tracks/${track}/participants/new` },
    { route: "/participants", who: "inn", path: "/participants?inn=me&filters=open" },
    { route: "/participants/:id", who: "inn", path: record },
    { route: "/participants/:id/edit", who: "inn", path: `${record}/edit` },
    { route: "/participants/:id/tasks/new", who: "inn", path: `${record}/tasks/new` },
    { route: "/find", who: "inn", path: "/find?q=%C3%98rnefjell" },
    { route: "/tasks", who: "inn", path: "/tasks" },
    { route: "/tasks/:id", who: "inn", path: task! },
    { route: "/task-templates", who: "inn", path: "/task-templates" },
    { route: "/task-templates/:id", who: "inn", path: template! },
    { route: "/alerts", who: "nav", path: "/alerts" },
    { route: "/account", who: "inn", path: "/account" },
    { route: "/account/alerts", who: "nav", path: "/account/alerts" },
    { route: "/account/calendar", who: "nav", path: "/account/calendar" },
    { route: "/unsubscribe/:token", who: "nobody", path: "/unsubscribe/avskrevet-feil" },
    { route: "/admin/mail", who: "admin", path: "/admin/mail" },
    { route: "/admin/mail/content", who: "admin", path: "/admin/mail/content" },
    { route: "/admin/tracks", who: "admin", path: "/admin/tracks" },
    { route: "/admin/new-track", who: "admin", path: "/admin/new-track" },
    { route: "/admin/new-track/file", who: "admin", path: "/admin/new-track/file" },
    { route: "/admin/tracks/:slug", who: "admin", path: managed },
    { route: "/admin/tracks/:slug/retire", who: "admin", path: `${managed}/retire` },
    { route: "/admin/tracks/:slug/phases/:id", who: "admin", path: `${managed}/phases/${phase}` },
    { route: "/admin/tracks/:slug/phases/:id/retire", who: "admin", path: `${managed}/phases/${phase}/retire` },
  ];
  const routes = [...readFileSync(SOURCE, "utf8").matchAll(/path!\("([^"]+)"\)/g)].map((match) => match[1]);
  expect(visits.map(({ route }) => route).sort(), "a page is missing in these tests").toEqual(routes.sort());
  return visits;
}

/** Keeps a view with a long name, unless there is one. */
async function keepLongView(page: Page): Promise<void> {
  const name = LONG_WORD.slice(0, 60);
  await page.goto("/participants");
  if (await page.getByRole("link", { name }).count() > 0) return;
  await keepView(page, "/participants?inn=me", name);
  await expect(page.getByRole("status").first()).toHaveText("Visningen er lagret.");
}
