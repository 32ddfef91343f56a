import { existsSync } from "node:fs";

import { chromium, defineConfig } from "@playwright/test";

/** `CHROMIUM_PATH`, else Playwright's own browser, else the system's. */
function browser(): string | undefined {
  const places = [process.env.CHROMIUM_PATH, chromium.executablePath(), "/usr/bin/chromium", "/usr/bin/google-chrome"];
  return places.find((place) => place && existsSync(place));
}

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // A test that passes only at the second attempt has found something.
  retries: 0,
  workers: 2,
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  // Only a test that hangs takes so long; each expectation has its own, shorter time.
  timeout: 90_000,
  expect: { timeout: 7_000 },
  use: {
    actionTimeout: 10_000,
    locale: "nb-NO",
    timezoneId: "Europe/Oslo",
    viewport: { width: 1280, height: 800 },
    // With the document at each step (`--trace on`), a step on a large board takes seconds instead of milliseconds.
    trace: { mode: "retain-on-failure", snapshots: false },
    launchOptions: {
      executablePath: browser(),
      // Without these, Debian's Chromium looks for updates in a network that may be closed.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
