// Two people who have the same board open: prints for each move how many milliseconds pass from letting the card go in
// one browser until it stands in its new place in the other. Started by `cargo xtask bench`.
import { launch, openBoard, places, wholeBoard } from "./browser.mjs";

const browser = await launch();
try {
  const [mover, watcher] = [await openBoard(browser), await openBoard(browser)];
  for (const page of [mover, watcher]) await wholeBoard(page);
  await mover.evaluate(noteLettingGo);
  // The first move wakes both, and is not told.
  await move();
  for (let turn = 0; turn < Number(process.env.BENCH_MOVES); turn += 1) console.log(await move());

  async function move() {
    const { from, to } = await mover.evaluate(places);
    const [card, phase] = await mover.evaluate(() => {
      const [first, second] = document.querySelectorAll(".phase");
      return [first.querySelector(".card").id, second.dataset.phase];
    });
    const seen = await watcher.evaluateHandle(arrival, [card, phase]);
    await mover.mouse.move(from.x, from.y);
    await mover.mouse.down();
    await mover.mouse.move(to.x, to.y, { steps: 4 });
    await mover.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await mover.mouse.up();
    const at = await seen.evaluate(({ at }) => at);
    await seen.dispose();
    return at - (await mover.evaluate(() => window.bench.letGo));
  }
} finally {
  await browser.close();
}

// In the page of whoever moves: notes when the card is let go.
function noteLettingGo() {
  const note = () => {
    window.bench.letGo = performance.timeOrigin + performance.now();
  };
  addEventListener("pointerup", note, { capture: true });
}

// In the page of whoever watches: when a card has come into a phase.
function arrival([card, phase]) {
  const at = new Promise((arrived) => {
    const look = new MutationObserver(() => {
      if (document.getElementById(card)?.closest(".phase").dataset.phase !== phase) return;
      look.disconnect();
      arrived(performance.timeOrigin + performance.now());
    });
    look.observe(document.getElementById("board"), { childList: true, subtree: true });
  });
  return { at };
}
