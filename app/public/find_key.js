// The key "/" leads to the search field, unless something is being typed. Whoever uses a voice or a screen reader can
// turn it off under "Min konto" (WCAG 2.1.4).
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
  const field = document.getElementById("find");
  if (field.checkVisibility()) {
    event.preventDefault();
    field.focus();
    field.select();
  } else {
    location.assign("/find");
  }
});
