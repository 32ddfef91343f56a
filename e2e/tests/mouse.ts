import { type Locator, type Page, expect } from "@playwright/test";

/** A hand on the mouse. */
export class Mouse {
  constructor(private readonly page: Page) {}

  /** Presses on a card and moves a little, until a copy of it is in the hand. */
  async lift(card: Locator): Promise<void> {
    const { x, y } = await middleOf(card);
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + 6, y + 6, { steps: 3 });
    await expect(this.page.locator(".ghost")).toBeVisible();
  }

  /** Carries what is in the hand over something: its middle, or another part of its height. */
  async carryOver(target: Locator, part = 0.5): Promise<void> {
    const { x, y } = await middleOf(target, part);
    await this.carryTo(x, y);
  }

  async carryTo(x: number, y: number): Promise<void> {
    await this.page.mouse.move(x, y, { steps: 8 });
    await frames(this.page, 2);
  }

  async drop(): Promise<void> {
    await this.page.mouse.up();
    await expect(this.page.locator(".ghost")).toHaveCount(0);
  }

  /** Lifts a card, carries it over something and drops it there. */
  async drag(card: Locator, target: Locator, part = 0.5): Promise<void> {
    await this.lift(card);
    await this.carryOver(target, part);
    await this.drop();
  }
}

/** The middle of something that can be seen, or a point at another part of its height. */
export async function middleOf(target: Locator, part = 0.5): Promise<{ x: number; y: number }> {
  const place = await target.boundingBox();
  if (!place) throw new Error("It can't be seen.");
  return { x: place.x + place.width / 2, y: place.y + place.height * part };
}

/** Lets the page draw itself so many times. */
export async function frames(page: Page, count: number): Promise<void> {
  await page.evaluate(async (count) => {
    for (let frame = 0; frame < count; frame += 1) await new Promise(requestAnimationFrame);
  }, count);
}

/** Listens to which moves the page asks of the server. */
export function movesAsked(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/board/move-card")) asked.push(request.postData() ?? "");
  });
  return asked;
}
