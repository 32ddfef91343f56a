import { type APIResponse, type Locator, type Page, expect } from "@playwright/test";

/** The phases of the template "Introløp". */
export const FIRST = "Bosetting";
export const SECOND = "Kompetansekartlegging";
export const THIRD = "Karriereveiledning";
export const CLOSING = "Avsluttet";

/** A board as a person meets it. */
export class Board {
  constructor(
    readonly page: Page,
    readonly track: string,
  ) {}

  /** Opens the board and waits until it can be worked with. */
  async open(): Promise<void> {
    await this.page.goto(`/tracks/${this.track}`);
    await awake(this.page);
  }

  /** Lets no news of others come in, as for somebody who acts before she can have heard. */
  async cutOff(): Promise<void> {
    await this.page.route("**/live/**", (route) => route.abort());
  }

  phase(name: string): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  card(name: string): Locator {
    const link = this.page.getByRole("link", { name, exact: true });
    return this.page.locator("#board").getByRole("listitem").filter({ has: link });
  }

  link(name: string): Locator {
    return this.card(name).getByRole("link");
  }

  menuButton(name: string): Locator {
    return this.page.getByRole("button", { name: `Flytt ${name}`, exact: true });
  }

  /** The names in a column. The page itself has only the first cards of a long one, so the others are waited for. */
  async names(phase: string): Promise<string[]> {
    await expect(this.phase(phase).locator(".rest"), "no card is lacking").toHaveCount(0);
    return this.phase(phase).locator(".card > .name").allTextContents();
  }

  /** What a screen reader says of itself. */
  get spoken(): Locator {
    return this.page.locator("[aria-live=assertive]");
  }

  /** Why a move did not happen. */
  get refusal(): Locator {
    return this.page.getByRole("alert");
  }

  get closingDialog(): Locator {
    return this.page.getByRole("dialog");
  }

  /** The names in a column must be these, in this order. A card that is carried counts where it would land. */
  async expectNames(phase: string, names: string[]): Promise<void> {
    await expect(this.phase(phase).locator(".card > .name")).toHaveText(names);
  }

  /** The same, and the column's number must fit. */
  async expectOrder(phase: string, names: string[]): Promise<void> {
    await this.expectNames(phase, names);
    await expect(this.phase(phase).locator("header .count")).toHaveText(String(names.length));
  }

  /** A move must have been announced. */
  async expectMoved(name: string, phase: string): Promise<void> {
    await expect(this.spoken).toHaveText(`${name} er flyttet til ${phase}`);
    await expect(this.card(name)).not.toHaveAttribute("aria-busy");
  }

  /** Moves a card with its menu. */
  async moveByMenu(name: string, phase: string): Promise<void> {
    await this.menuButton(name).click();
    await this.page.getByRole("menuitem", { name: `Flytt til ${phase}` }).click();
    await this.expectMoved(name, phase);
  }

  /** The column must hold these names, now, after a reload, and after a restart of the program. */
  async expectKept(samlop: { restart(): Promise<void> }, phase: string, names: string[]): Promise<void> {
    await this.expectOrder(phase, names);
    await this.open();
    await this.expectOrder(phase, names);
    await samlop.restart();
    await this.open();
    await this.expectOrder(phase, names);
  }

  /** Registers participants in a phase, one below the other, and opens the board. */
  async fill(phase: string, ...names: string[]): Promise<void> {
    for (const name of names) await register(this.page, this.track, { name, phase });
    await this.open();
  }

  /** Fills the closing dialog and sends it. */
  async answerClosing(reason: string, outcome: string): Promise<void> {
    await this.closingDialog.getByLabel("Årsak", { exact: true }).selectOption(reason);
    await this.closingDialog.getByLabel("Utfall").selectOption(outcome);
    await this.closingDialog.getByRole("button", { name: "Flytt", exact: true }).click();
  }
}

/** Waits until the page's library hears what a person does. Without a script there is nothing to wait for. */
export async function awake(page: Page): Promise<void> {
  const hasScript = await page.evaluate(() => matchMedia("(scripting: enabled)").matches);
  if (hasScript) await page.waitForFunction(() => performance.getEntriesByName("awake").length > 0);
}

type NewParticipant = { name: string; phase?: string; innContact?: string; navContact?: string; navOffice?: string };

/** Sends the form for a new participant, and gives the path of the new record. */
export async function register(page: Page, track: string, participant: NewParticipant): Promise<string> {
  const form = await page.request.get(`/tracks/${track}/participants/new`);
  const html = await form.text();
  const value = (text?: string) => (text ? (new RegExp(`value="([^"]+)"[^>]*>${text}`).exec(html)?.[1] ?? "") : "");
  const answer = await send(page, form, "/api/participants/add", {
    "form[track]": track,
    "form[name]": participant.name,
    "form[phase]": value(participant.phase),
    "form[inn_contact]": value(participant.innContact),
    "form[nav_contact]": value(participant.navContact),
    "form[nav_office]": value(participant.navOffice),
  });
  expect(answer.status(), await answer.text()).toBe(303);
  return new URL(answer.headers().location, form.url()).pathname;
}

/** The reference of the participant whose record is open. */
export async function shownReference(page: Page): Promise<string> {
  return /D-\d+/.exec((await page.locator(".page-head .meta").textContent())!)![0];
}

/** Sends a form of a page that was fetched, as a browser without a script does. */
export function send(
  page: Page,
  from: APIResponse,
  action: string,
  form: Record<string, string>,
): Promise<APIResponse> {
  const headers = { Accept: "text/html", Origin: new URL(from.url()).origin, Referer: from.url() };
  return page.request.post(action, { form, headers, maxRedirects: 0 });
}
