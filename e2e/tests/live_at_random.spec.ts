import type { APIRequestContext, Page } from "@playwright/test";

import { awake } from "./board";
import { chances } from "./chance";
import { expect, test } from "./fixtures";

/** What may come between a board and the news of it. */
const TROUBLES = ["nothing", "no network", "asleep", "stopped", "killed", "opened anew"];

test("whatever comes between, boards that are open end up as the database has it", async ({ as, page, samlop, track }, testInfo) => {
  test.setTimeout(240_000);
  const seed = Number(process.env.SEED ?? 1 + Math.floor(Math.random() * 2_147_483_646));
  testInfo.annotations.push({ type: "seed", description: String(seed) });
  const chance = chances(seed);
  await samlop.run(["seed", "--track", track, "--participants", "160"]);
  // Two windows of one browser, which share a stream, and another browser.
  const boards = [page, await page.context().newPage(), await as("leder")];
  const mover = (await as("inn")).request;
  for (const board of boards) {
    await board.goto(`/tracks/${track}`);
  }
  // The flood comes last, since a large board makes all that follows slow.
  for (const trouble of [...shuffled(TROUBLES, chance), "flooded"]) {
    // A page that lost a part of its script would never hear of anything.
    for (const board of boards) await awake(board);
    const [victim] = shuffled(boards, chance);
    const control = await victim.context().newCDPSession(victim);
    if (trouble === "no network") await victim.context().setOffline(true);
    if (trouble === "asleep") await control.send("Page.setWebLifecycleState", { state: "frozen" });
    for (let turn = 0; turn < 4; turn += 1) await moveAtRandom(mover, track, chance);
    if (trouble === "stopped") await samlop.restart();
    if (trouble === "killed") {
      await samlop.kill();
      await samlop.begin();
    }
    if (trouble === "flooded") {
      // More than a board is told of at once.
      await samlop.end();
      await samlop.run(["seed", "--track", track, "--participants", "320"]);
      await samlop.begin();
    }
    if (trouble === "opened anew") await victim.reload({ waitUntil: "commit" });
    for (let turn = 0; turn < 4; turn += 1) await moveAtRandom(mover, track, chance);
    if (trouble === "no network") await victim.context().setOffline(false);
    if (trouble === "asleep") await control.send("Page.setWebLifecycleState", { state: "active" });
    await control.detach();
    for (const board of boards) {
      const same = expect.poll(async () => differences(await shown(board), await kept(board, track)), {
        message: `after “${trouble}”, with SEED=${seed}`,
        timeout: 20_000,
      });
      await same.toEqual([]);
    }
  }
});

type Card = { id: string; version: string; rank: string; text: string };
type Phase = { phase: string; count: string; cards: Card[] };

/** What a person sees, or what she would see on this page. */
function shown(board: Page, html?: string): Promise<Phase[]> {
  return board.evaluate((html) => {
    const page = html === undefined ? document : new DOMParser().parseFromString(html, "text/html");
    const cards = (phase: Element) =>
      [...phase.querySelectorAll<HTMLElement>(".card")].map(({ id, dataset, textContent }) => ({
        id, version: dataset.version ?? "", rank: dataset.rank ?? "", text: textContent ?? "",
      }));
    const phases = page.querySelectorAll<HTMLElement>("#board .phase");
    return [...phases].map((phase) => ({
      phase: phase.dataset.phase ?? "", count: phase.querySelector("header .count")?.textContent ?? "", cards: cards(phase),
    }));
  }, html);
}

/** The same as the server reads it from the database now, for the same person. */
async function kept(board: Page, track: string): Promise<Phase[]> {
  const page = await board.request.get(`/tracks/${track}?all=1`);
  return shown(board, await page.text());
}

/** Where two boards are not the same, in words that a failed test can show. */
function differences(one: Phase[], other: Phase[]): string[] {
  const lines = (phases: Phase[]) =>
    phases.flatMap(({ phase, count, cards }) => [
      `${phase} ${count}`,
      ...cards.map((card, place) => `${phase} ${place}: ${card.id} ${card.version} ${card.rank} ${card.text}`),
    ]);
  const [here, there] = [lines(one), lines(other)];
  return [
    ...here.filter((line) => !there.includes(line)).map((line) => `only shown: ${line}`),
    ...there.filter((line) => !here.includes(line)).map((line) => `only kept: ${line}`),
  ].slice(0, 10);
}

/** A card goes below another one, or to the top, of any phase that does not end the track. */
async function moveAtRandom(mover: APIRequestContext, track: string, chance: () => number): Promise<void> {
  const html = await (await mover.get(`/tracks/${track}?all=1`)).text();
  const phases = [...html.matchAll(/<section ([^>]*)>(.*?)<\/section>/gs)]
    .filter(([, tag]) => !tag.includes("data-closing"))
    .map(([, tag, body]) => ({
      id: /data-phase="([^"]+)"/.exec(tag)?.[1] ?? "",
      cards: [...body.matchAll(/<li ([^>]*)>/g)].map(([, card]) => ({
        id: /(?:^| )id="([^"]+)"/.exec(card)?.[1] ?? "",
        version: /data-version="([^"]+)"/.exec(card)?.[1] ?? "",
      })),
    }));
  const pick = <T>(from: T[]) => from[Math.floor(chance() * from.length)];
  const card = pick(phases.flatMap(({ cards }) => cards));
  const to = pick(phases);
  const above = pick(to.cards.filter(({ id }) => id !== card.id));
  const form: Record<string, string> = { "form[enrolment]": card.id, "form[version]": card.version, "form[to]": to.id };
  if (above) form["form[after]"] = above.id;
  const answer = await mover.post("/api/board/move-card", { form, headers: { "Sec-Fetch-Site": "same-origin" } });
  expect(answer.status(), await answer.text()).toBe(200);
}

function shuffled<T>(all: T[], chance: () => number): T[] {
  const order = new Map(all.map((each) => [each, chance()]));
  return [...all].sort((one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0));
}
