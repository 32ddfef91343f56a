import { Board, FIRST, SECOND, THIRD, register } from "./board";
import { expect, test } from "./post";

const NAV = "nav@example.no";

test("a move is taken back in one press, and whoever was to be told is not", async ({ board, page, post, samlop, track }) => {
  await register(page, track, { name: "Ada En", phase: FIRST });
  await register(page, track, { name: "Bo To", phase: FIRST, navContact: "Nav-kontakt Prøve", navOffice: "Nav Prøveby øst" });
  await register(page, track, { name: "Cy Tre", phase: FIRST });
  await expect.poll(() => post.to(NAV).length).toBe(1);
  await board.open();
  await board.moveByMenu("Bo To", SECOND);
  await page.getByRole("button", { name: "Angre" }).click();
  await expect(page.getByRole("status")).toHaveText(/Bo To er tilbake i Bosetting\. Varsler trukket tilbake: 1\. Allerede sendt: 0\./);
  await expect(board.link("Bo To")).toBeFocused();
  await board.expectKept(samlop, FIRST, ["Ada En", "Bo To", "Cy Tre"]);
  expect(post.to(NAV)).toHaveLength(1);
});

test("Ctrl+Z takes the last move back, also one to a closing phase", async ({ board, page, samlop }) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  await board.menuButton("Ada En").click();
  await page.getByRole("menuitem", { name: "Flytt til Avsluttet" }).click();
  await board.answerClosing("Har gått over i arbeid", "Arbeid, annet");
  await board.expectMoved("Ada En", "Avsluttet");
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("status")).toContainText("Ada En er tilbake i Bosetting");
  await board.expectKept(samlop, FIRST, ["Ada En", "Bo To"]);
});

test("a move on which somebody has built is not taken back, and the card shows where it is", async ({ as, board, page, track }) => {
  await register(page, track, { name: "Ada En", phase: FIRST, navOffice: "Nav Prøveby øst" });
  await board.open();
  await board.moveByMenu("Ada En", SECOND);
  const nav = new Board(await as("nav"), track);
  await nav.open();
  await nav.moveByMenu("Ada En", THIRD);
  await page.getByRole("button", { name: "Angre" }).click();
  await expect(board.refusal).toContainText("Nav-kontakt Prøve flyttet");
  await board.expectOrder(THIRD, ["Ada En"]);
});
