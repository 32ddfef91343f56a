// Wakes the islands of a page that the server has rendered: loads the library and hands each island its element.
const { library, wasm } = document.querySelector("script[data-library]").dataset;
const islands = await import(library);
await islands.default({ module_or_path: wasm });
// All that came before ran while the page was still on its way.
if (document.readyState === "loading") {
  await new Promise((complete) => document.addEventListener("DOMContentLoaded", complete, { once: true }));
}
islands.hydrate();
for (const island of document.querySelectorAll("leptos-island")) {
  islands[island.dataset.component](island);
}
// For whoever measures how long it takes until the page can be worked with.
performance.mark("awake");
