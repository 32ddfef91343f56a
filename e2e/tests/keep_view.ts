import { type Page } from "@playwright/test";

/** Asks to keep what is chosen on a board or on the list under a name. */
export async function keepView(page: Page, address: string, name: string): Promise<void> {
  await page.goto(`${address}&filters=open`);
  const form = page.getByRole("form", { name: "Lagre denne visningen" });
  await form.getByLabel("Navn på visningen").fill(name);
  await form.getByRole("button", { name: "Lagre visning" }).click();
}
