import { expect, test } from "./fixtures";

const PAGES = ["/tracks", "/tracks/introlop", "/tracks/introlop/participants/new", "/tasks", "/alerts", "/account", "/accessibility"];
const LANGUAGES = [
  { tag: "nn", button: "Nynorsk", tasks: "Mine oppgåver" },
  { tag: "en", button: "English", tasks: "My tasks" },
  { tag: "nb", button: "Bokmål", tasks: "Mine oppgaver" },
];

test("every page speaks the language that one chooses", async ({ as, samlop }) => {
  const email = "sprak@example.no";
  await samlop.createUser({ email, name: "Språk Prøve", role: "inn-adviser", organisation: "INN Prøveby" });
  const page = await as(email);
  await page.goto("/tracks");
  for (const { tag, button, tasks } of LANGUAGES) {
    await page.getByRole("button", { name: button }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", tag);
    await expect(page.getByRole("link", { name: tasks })).toBeVisible();
    for (const path of PAGES) {
      await page.goto(path);
      await expect(page.locator("html")).toHaveAttribute("lang", tag);
      // A text without its parameter would show its braces.
      expect(await page.locator("body").innerText()).not.toMatch(/%\{|\{\{/);
    }
    await page.goto("/tracks");
  }
});

test("before login the browser's language is used, and another can be chosen", async ({ as }) => {
  const page = await as("nobody", { locale: "en-GB" });
  await page.goto("/login");
  await expect(page.getByRole("heading", { level: 1, name: "Log in" })).toBeVisible();
  await page.getByRole("button", { name: "Nynorsk" }).click();
  await expect(page).toHaveURL(/\/login$/);
  await expect(page.locator("html")).toHaveAttribute("lang", "nn");
});
