import { type BrowserContext, type BrowserContextOptions, type Page, test as base, expect } from "@playwright/test";

import { checkAccessibility } from "./accessible";
import { Board } from "./board";
import { Samlop } from "./samlop";

export { expect };

/** Who looks at a page: one of the demo's accounts, another mail address, or somebody who is not logged in. */
export type Who = "inn" | "nav" | "leder" | "admin" | "nobody" | `${string}@${string}`;

type Workers = {
  /** The program with the demo, shared by the tests of one worker. */
  samlop: Samlop;
  sessions: Map<string, string>;
};

type Tests = {
  /** Opens a window for somebody. */
  as: (who: Who, options?: BrowserContextOptions) => Promise<Page>;
  /** The address part of an empty track that only this test uses. */
  track: string;
  /** That track's board, open before the INN adviser. */
  board: Board;
  /** A message of the browser that this test means to provoke. */
  expectComplaint: (message: RegExp) => void;
  complaints: { heard: string[]; expected: RegExp[] };
};

let tracks = 0;

export const test = base.extend<Tests, Workers>({
  samlop: [
    async ({}, use) => {
      const samlop = await Samlop.start({ demo: true });
      await use(samlop);
      await samlop.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  // Logging in costs time on purpose, so it is done once for each account.
  sessions: [async ({}, use) => use(new Map()), { scope: "worker" }],

  baseURL: async ({ samlop }, use) => use(samlop.url),

  complaints: async ({ samlop }, use) => {
    const complaints = { heard: [] as string[], expected: [] as RegExp[] };
    const before = samlop.log.length;
    const ends = samlop.ends;
    await use(complaints);
    // Chromium fetches a page's icon late, and a test that stops the program may do so just then.
    if (samlop.ends > ends) complaints.expected.push(/net::ERR_/);
    const faults = samlop.log.slice(before).split("\n").filter((line) => / ERROR |panicked/.test(line));
    const unexpected = [...complaints.heard, ...faults].filter((each) => !complaints.expected.some((it) => it.test(each)));
    expect(unexpected, "complaints of the browser or the program").toEqual([]);
  },

  expectComplaint: async ({ complaints }, use) => use((message) => complaints.expected.push(message)),

  as: async ({ browser, samlop, sessions, complaints }, use, testInfo) => {
    const pages: Page[] = [];
    await use(async (who, options = {}) => {
      const context = await browser.newContext(options);
      listen(context, samlop.url, complaints.heard);
      // The library is fetched early, and then nobody may use it.
      if (options.javaScriptEnabled === false) complaints.expected.push(/preloaded using link preload but not used/);
      if (who !== "nobody") await context.addCookies([await sessionCookie(samlop, sessions, who)]);
      const page = await context.newPage();
      pages.push(page);
      return page;
    });
    if (testInfo.errors.length === 0) {
      for (const page of pages.filter((page) => !page.isClosed() && page.url().startsWith(samlop.url))) {
        await checkAccessibility(page);
      }
    }
    for (const page of pages) await page.context().close();
  },

  page: async ({ as }, use) => use(await as("inn")),

  track: async ({ samlop }, use, testInfo) => {
    tracks += 1;
    const slug = `prove-${testInfo.workerIndex}-${tracks}`;
    await samlop.createTrack(slug, "INN Prøveby", "Nav Prøveby sentrum", "Nav Prøveby øst");
    await use(slug);
  },

  board: async ({ page, track }, use) => use(new Board(page, track)),
});

async function sessionCookie(samlop: Samlop, sessions: Map<string, string>, who: Who) {
  const email = who.includes("@") ? who : `${who}@example.no`;
  const value = sessions.get(email) ?? (await samlop.logIn(email));
  sessions.set(email, value);
  return { name: "samlop_session", value, url: samlop.url };
}

/** Whatever the browser warns of fails the test, and so does a request to another host. */
function listen(context: BrowserContext, url: string, heard: string[]): void {
  context.on("console", (message) => {
    const text = `${message.type()}: ${message.text()} (${message.location().url})`;
    if (["warning", "error"].includes(message.type()) && !isRefusal(text)) heard.push(text);
  });
  context.on("weberror", (error) => heard.push(`exception: ${error.error().stack}`));
  // Samløp itself never opens the browser's own message boxes.
  context.on("dialog", (dialog) => {
    heard.push(`message box: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("request", (request) => {
    if (!request.url().startsWith(`${url}/`) && !request.url().startsWith("data:")) {
      heard.push(`foreign host: ${request.url()}`);
    }
  });
}

/**
 * Chromium writes an error for each answer that says no. For a page or a form that is nothing wrong. Nor is it that the
 * line of news breaks while the program is away; the page says so itself.
 */
function isRefusal(text: string): boolean {
  if (text.includes("/live/") && text.includes("net::ERR_")) return true;
  return /status of 4(01|03|04|09|13|22|29) /.test(text) && !text.includes("/pkg/");
}
