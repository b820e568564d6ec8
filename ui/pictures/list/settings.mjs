// Pictures of settings.

import { openLive, openProfiles, openSettings, showList } from "../steps.mjs";

/** @type {import("../studio.mjs").Picture[]} */
export const SETTINGS = [
  { name: "profile-menu", query: "?scene=still", steps: async (page) => {
    await showList(page);
    await page.getByRole("button", { name: "Profile Ada" }).click();
    await page.getByRole("button", { name: "Switch to Grace" }).waitFor();
  } },
  { name: "profiles", query: "?scene=still", steps: openProfiles },
  { name: "profiles-switch", query: "?scene=still&sharing=online", steps: async (page) => {
    await openProfiles(page);
    await page.getByRole("button", { name: "Switch to Teaching" }).click();
  } },
  { name: "profiles-switched", query: "?scene=still", steps: async (page) => {
    await openProfiles(page);
    await page.getByRole("button", { name: "Switch to Grace" }).click();
    await page.getByRole("button", { name: "Switch to “Grace”" }).click();
    await page.getByText("Using “Grace” now.").waitFor();
  } },
  { name: "profiles-delete", query: "?scene=still", steps: async (page) => {
    await openProfiles(page);
    await page.getByRole("button", { name: "Delete Grace" }).click();
  } },
  { name: "profiles-name-taken", query: "?scene=still", steps: async (page) => {
    await openProfiles(page);
    await page.getByRole("button", { name: "New profile…" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("grace");
    await page.getByRole("button", { name: "Create the profile" }).click();
    await page.getByText("There is a profile “Grace” already.").waitFor();
  } },
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
