// Lets a file be chosen, and puts its text into the field, where it can be read before it is sent.
const choice = document.getElementById("track-file-choice");
choice.hidden = false;
choice.querySelector("input").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  const { into, max, read, tooLarge } = choice.dataset;
  const isTooLarge = file.size > Number(max);
  if (!isTooLarge) document.getElementById(into).value = await file.text();
  choice.querySelector("[aria-live]").textContent = isTooLarge ? tooLarge : read;
});
