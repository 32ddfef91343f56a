// What a browser makes of the board: prints one line of JSON for each visit. Started by `cargo xtask bench`.
//
// Every visit begins with an empty cache. Times are milliseconds since the navigation began, by the page's own
// clock, so that what this script itself costs between two steps counts only where a person would act too.
import { chromium } from "@playwright/test";

const { BENCH_URL, BENCH_BOARD, BENCH_COOKIE, BENCH_RUNS, BENCH_TRACE, CHROMIUM_PATH } = process.env;
const [name, value] = BENCH_COOKIE.split("=");

const browser = await chromium.launch({
  executablePath: CHROMIUM_PATH,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});
try {
  // The first visit also wakes the browser itself, and is not told; of its drags there is a trace to look into.
  await visit(BENCH_TRACE);
  for (let run = 0; run < Number(BENCH_RUNS); run += 1) {
    console.log(JSON.stringify(await visit()));
  }
} finally {
  await browser.close();
}

async function visit(trace) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  await context.addCookies([{ name, value, url: BENCH_URL }]);
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(BENCH_URL + BENCH_BOARD, { waitUntil: "commit" });
  await page.waitForFunction(() => window.bench.awake);

  const { from, to } = await page.evaluate(places);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 4 });
  // The board takes a card along once per frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const bytesBeforeDrag = await page.evaluate(bytesReceived);
  const answered = page.waitForResponse((response) => response.url().endsWith("/api/board/move-card"));
  await page.mouse.up();
  const response = await answered;
  if (!response.ok()) throw new Error(`The move was answered with status ${response.status()}.`);
  await response.finished();

  const dragDone = await page.waitForFunction(() => {
    const [move] = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/move-card"));
    return move?.responseEnd;
  });
  const figures = { ...(await page.evaluate(measures)), dragDone: await dragDone.jsonValue(), bytesBeforeDrag };
  if (trace) await browser.startTracing(page, { path: trace });
  figures.frames = await framesOfADrag(page, 1);
  figures.framesSlowed = await framesOfADrag(page, 4);
  if (trace) await browser.stopTracing();
  await context.close();
  return figures;
}

// Milliseconds between the frames while a card is carried over the board and back, with the processor slowed so many
// times. It is let go with Escape.
async function framesOfADrag(page, slowed) {
  const control = await page.context().newCDPSession(page);
  await control.send("Emulation.setCPUThrottlingRate", { rate: slowed });
  const { from, to } = await page.evaluate(places);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 20, from.y + 20, { steps: 4 });
  await page.evaluate(countFrames);
  for (const { x, y } of [to, from]) await page.mouse.move(x, y, { steps: 60 });
  const frames = await page.evaluate(() => window.bench.stop());
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await control.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await control.detach();
  return frames;
}

// In the page: counts frames until `bench.stop()`, which tells how long each took.
function countFrames() {
  const times = [];
  const note = (time) => {
    times.push(time);
    window.bench.frame = requestAnimationFrame(note);
  };
  window.bench.frame = requestAnimationFrame(note);
  window.bench.stop = () => {
    cancelAnimationFrame(window.bench.frame);
    return times.slice(1).map((time, place) => time - times[place]);
  };
}

// In the page, before anything else: notes when the last card came and when the library began to hear pointers.
function watch() {
  window.bench = { awake: 0, allCards: 0, cards: 0 };
  const cards = document.getElementsByClassName("card");
  new MutationObserver(() => {
    // Once the library is awake, the page is complete; a card that is carried has a copy.
    if (!window.bench.awake && cards.length > window.bench.cards) {
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
function places() {
  const [first, second] = document.querySelectorAll(".phase");
  const card = first.querySelector(".card").getBoundingClientRect();
  const column = second.querySelector(".cards").getBoundingClientRect();
  const bottom = Math.min(column.bottom, window.innerHeight);
  return {
    from: { x: card.left + card.width / 2, y: card.top + card.height / 2 },
    to: { x: column.left + column.width / 2, y: (column.top + bottom) / 2 },
  };
}

// In the page: what has come over the network, the page and every file.
function bytesReceived() {
  const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  return entries.reduce((sum, entry) => sum + entry.transferSize, 0);
}

// In the page, at the end.
function measures() {
  const { awake, allCards, cards } = window.bench;
  const [firstPaint] = performance.getEntriesByName("first-contentful-paint");
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
  let nodes = 1;
  while (walker.nextNode()) nodes += 1;
  return {
    firstPaint: firstPaint.startTime,
    allCards,
    awake,
    cards,
    nodes,
    elements: document.querySelectorAll("*").length,
    elementsInCards: document.querySelectorAll(".card, .card *").length,
  };
}
