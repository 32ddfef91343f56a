// What a browser makes of the board: prints one line of JSON for each visit. Started by `cargo xtask bench`.
//
// Every visit begins with an empty cache. Times are milliseconds since the navigation began, by the page's own
// clock, so that what this script itself costs between two steps counts only where a person would act too.
import { launch, openBoard, places, wholeBoard } from "./browser.mjs";

const { BENCH_RUNS, BENCH_TRACE } = process.env;

// So many visits also count frames, which takes far longer than everything else.
const COUNTING = 6;

const browser = await launch();
try {
  // The first visit also wakes the browser itself, and is not told; of its drags there is a trace to look into.
  await visit(true, BENCH_TRACE);
  for (let run = 0; run < Number(BENCH_RUNS); run += 1) {
    console.log(JSON.stringify(await visit(run < COUNTING)));
  }
} finally {
  await browser.close();
}

async function visit(counts, trace) {
  const page = await openBoard(browser);
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
  await wholeBoard(page);
  const figures = { ...(await page.evaluate(measures)), dragDone: await dragDone.jsonValue(), bytesBeforeDrag };
  if (trace) await browser.startTracing(page, { path: trace });
  figures.frames = counts ? await framesOfADrag(page, 1) : [];
  figures.framesSlowed = counts ? await framesOfADrag(page, 4) : [];
  if (trace) await browser.stopTracing();
  await page.context().close();
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
