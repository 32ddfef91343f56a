// Wakes the islands of a page that the server has rendered: loads the library and hands each island its element.
const { library, line, wasm } = document.querySelector("script[data-library]").dataset;
const [islands] = await Promise.all([import(library), import(line)]);
await islands.default({ module_or_path: wasm });
islands.hydrate();
const wake = (island) => islands[island.dataset.component](island);
// All that came before ran while the page was still on its way. So does the island of the board: it hears of what
// happens to cards, also those that are yet to come.
const early = document.getElementById("board")?.previousElementSibling;
if (early) wake(early);
if (document.readyState === "loading") {
  await new Promise((complete) => document.addEventListener("DOMContentLoaded", complete, { once: true }));
}
for (const island of document.querySelectorAll("leptos-island")) {
  if (island !== early) wake(island);
}
// For whoever measures how long it takes until the page can be worked with.
performance.mark("awake");
