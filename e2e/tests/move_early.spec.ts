import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

import { FIRST, SECOND, awake } from "./board";
import { expect, test } from "./fixtures";
import { Mouse, movesAsked } from "./mouse";

test("a card is dragged while others are still on their way, and comes to lie among them", async ({
  as,
  board,
  expectComplaint,
  page,
  samlop,
}) => {
  await board.fill(FIRST, "Ada En", "Bo To");
  await board.fill(SECOND, "Cia Tre", "Dan Fire");
  const line = await slowLine(samlop.url, "Dan Fire");
  expectComplaint(new RegExp(`foreign host: ${line.url}`));
  try {
    const asked = movesAsked(page);
    await page.goto(`${line.url}/tracks/${board.track}`, { waitUntil: "commit" });
    const mouse = new Mouse(page);
    await expect(async () => {
      await page.mouse.up();
      await mouse.lift(board.card("Ada En"));
    }).toPass();
    await board.expectNames(SECOND, ["Cia Tre"]);
    await mouse.carryOver(board.card("Cia Tre"), 0.9);
    await board.expectNames(SECOND, ["Cia Tre", "Ada En"]);
    await mouse.drop();
    expect(asked, "where it lies is not known yet").toEqual([]);

    line.letAllCome();
    await board.expectMoved("Ada En", SECOND);
    await board.expectOrder(SECOND, ["Cia Tre", "Ada En", "Dan Fire"]);
    await awake(page);
    const other = await as("inn");
    await other.goto(`/tracks/${board.track}`);
    const names = other.getByRole("region", { name: SECOND, exact: true }).locator(".card > .name");
    await expect(names, "as in the database").toHaveText(["Cia Tre", "Ada En", "Dan Fire"]);
  } finally {
    line.close();
  }
});

/** The same program behind a line that holds back a board from one card on, until all is let come. */
async function slowLine(url: string, heldFrom: string) {
  let letAllCome = () => {};
  const isOpen = new Promise<void>((open) => (letAllCome = open));
  const server = createServer((asked, answer) => {
    const headers = { ...asked.headers, "accept-encoding": "identity", host: new URL(url).host };
    const options = { method: asked.method, headers };
    const passed = request(`${url}${asked.url}`, options, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      if (!/^\/tracks\/[^/]+$/.test(asked.url ?? "")) {
        response.pipe(answer);
        return;
      }
      let page = "";
      response.setEncoding("utf8").on("data", (part) => (page += part));
      response.on("end", async () => {
        const held = page.lastIndexOf("<li", page.indexOf(`>${heldFrom}<`));
        answer.write(page.slice(0, held));
        await isOpen;
        answer.end(page.slice(held));
      });
    });
    passed.on("error", () => answer.destroy());
    answer.on("close", () => passed.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, letAllCome, close };
}
