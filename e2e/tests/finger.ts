import { type CDPSession, type Locator, type Page } from "@playwright/test";

import { frames, middleOf } from "./mouse";

/** A window of a phone. */
export const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

/** A finger on the screen: the browser itself is told, so that it scrolls as it does for a person. */
export class Finger {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
    private at = { x: 0, y: 0 },
  ) {}

  static async on(page: Page): Promise<Finger> {
    return new Finger(page, await page.context().newCDPSession(page));
  }

  async down(target: Locator): Promise<void> {
    this.at = await middleOf(target);
    await this.touch("touchStart", [this.at]);
  }

  /** Moves on to a point in so many steps, each as long as a frame. */
  async moveTo(x: number, y: number, steps = 12): Promise<void> {
    const from = this.at;
    for (let step = 1; step <= steps; step += 1) {
      this.at = { x: from.x + ((x - from.x) * step) / steps, y: from.y + ((y - from.y) * step) / steps };
      await this.touch("touchMove", [this.at]);
      await frames(this.page, 1);
    }
  }

  async moveOver(target: Locator, part = 0.5): Promise<void> {
    const { x, y } = await middleOf(target, part);
    await this.moveTo(x, y);
    await frames(this.page, 2);
  }

  async up(): Promise<void> {
    await this.touch("touchEnd", []);
  }

  /** What happens when a call comes in. */
  async isInterrupted(): Promise<void> {
    await this.touch("touchCancel", []);
  }

  /** Presses on a card and holds still until a copy of it is under the finger. */
  async lift(card: Locator): Promise<void> {
    await this.down(card);
    await this.page.locator(".ghost").waitFor();
  }

  private async touch(type: "touchStart" | "touchMove" | "touchEnd" | "touchCancel", points: { x: number; y: number }[]) {
    await this.session.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  }
}
