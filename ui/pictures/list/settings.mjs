// Pictures of settings.

import { openLive, openSettings, showList } from "../steps.mjs";

/** @type {import("../studio.mjs").Picture[]} */
export const SETTINGS = [
  { name: "sources-settings", query: "?scene=still", steps: async (page) => {
    await showList(page);
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Temporary sessions" }).waitFor();
  } },
  { name: "settings", query: "?scene=still&sharing=online", steps: openSettings },
  { name: "settings-lower", query: "?scene=still&updates=newer", steps: async (page) => {
    await openSettings(page);
    await page.getByRole("heading", { name: "About SACMES" }).scrollIntoViewIfNeeded();
  } },
  { name: "settings-notifications", query: "?scene=still&sharing=offline&preferences=unreadable", steps: async (page) => {
    await openSettings(page);
    await page.getByRole("button", { name: "Look now" }).scrollIntoViewIfNeeded();
  } },
  { name: "settings-other-theme", query: "?scene=still", steps: async (page) => {
    await openSettings(page);
    const isDark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
    await page.getByRole("radio", { name: isDark ? "Light" : "Dark", exact: true }).click();
  } },
  { name: "session-other-theme", query: "?scene=still", steps: async (page) => {
    await openSettings(page);
    const isDark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
    await page.getByRole("radio", { name: isDark ? "Light" : "Dark", exact: true }).click();
    await page.getByLabel("Unit of currents").selectOption("nA");
    await openLive(page);
  } },
  { name: "settings-follow", query: "?scene=still&follow=view_only", heading: "Followed sessions", onPhone: true, steps: async (page) => {
    await showList(page);
    await page.getByRole("button", { name: "Settings", exact: true }).click();
  } },
];
