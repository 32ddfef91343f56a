// A browser for `cargo xtask bench`, in which somebody is logged in.
import { chromium } from "@playwright/test";

const { BENCH_URL, BENCH_BOARD, BENCH_COOKIE, CHROMIUM_PATH } = process.env;
const [name, value] = BENCH_COOKIE.split("=");

export async function launch() {
  return chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
}

// Goes to the board with an empty cache, and waits until a card can be dragged from the first column to the second.
// Other cards are still on their way.
export async function openBoard(browser) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  await context.addCookies([{ name, value, url: BENCH_URL }]);
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(BENCH_URL + BENCH_BOARD, { waitUntil: "commit" });
  await page.waitForFunction(() => window.bench.awake && document.querySelectorAll("#board .cards").length > 1);
  return page;
}

// Waits until all cards are there.
export async function wholeBoard(page) {
  await page.waitForSelector("#board:not(:has(.rest))");
}

// In the page, before anything else: notes when the last card came and when the library began to hear pointers.
function watch() {
  window.bench = { awake: 0, allCards: 0, cards: 0 };
  let cards;
  new MutationObserver(() => {
    cards ??= document.getElementById("board")?.getElementsByClassName("card");
    if (cards?.length > window.bench.cards) {
      window.bench.cards = cards.length;
      window.bench.allCards = performance.now();
    }
  }).observe(document, { childList: true, subtree: true });
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (type === "pointerdown" && this.id === "board") window.bench.awake = performance.now();
    return listen.call(this, type, ...rest);
  };
}

// In the page: a point on the first card, and one in the middle of the next column.
export function places() {
  const [first, second] = document.querySelectorAll(".phase");
  const card = first.querySelector(".card").getBoundingClientRect();
  const column = second.querySelector(".cards").getBoundingClientRect();
  const bottom = Math.min(column.bottom, window.innerHeight);
  return {
    from: { x: card.left + card.width / 2, y: card.top + card.height / 2 },
    to: { x: column.left + column.width / 2, y: (column.top + bottom) / 2 },
  };
}
