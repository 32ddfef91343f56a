// Wakes the islands of a page that the server has rendered: loads the library and hands each island its element.
const { library, wasm } = document.querySelector("script[data-library]").dataset;
const islands = await import(library);
await islands.default({ module_or_path: wasm });
islands.hydrate();
for (const island of document.querySelectorAll("leptos-island")) {
  islands[island.dataset.component](island);
}
// For whoever measures how long it takes until the page can be worked with.
performance.mark("awake");
