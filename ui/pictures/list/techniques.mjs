// Pictures of frequency maps, cyclic voltammetry and chronoamperometry.

import { compareMaps, openCa, openCv, openMap } from "../steps.mjs";

/** @type {import("../studio.mjs").Picture[]} */
export const TECHNIQUES = [
  { name: "map", query: "?scene=map-still", steps: (page) => openMap(page, "Map of chip 15") },
  { name: "map-first", query: "?scene=map-first", moves: true, steps: (page) => openMap(page, "Map of chip 15") },
  { name: "map-done-selected", query: "?scene=map-still", steps: async (page) => {
    await openMap(page, "Map of chip 14");
    await page.getByRole("toolbar", { name: "Frequency" }).getByRole("button", { name: /^100/ }).click();
    await page.getByLabel("Baseline taken off").check();
  } },
  { name: "map-hold", query: "?scene=map-still", steps: async (page) => {
    await openMap(page, "Map of chip 14");
    await page.getByRole("button", { name: "Hold map…" }).click();
  } },
  { name: "map-compare-empty", query: "?scene=map-still", steps: async (page) => {
    await openMap(page, "Map of chip 12");
    await page.getByRole("button", { name: "Compare maps" }).click();
  } },
  { name: "map-compare", query: "?scene=map-still", steps: compareMaps },
  { name: "cv-first", query: "?scene=cv_first", steps: openCv },
  { name: "cv-live", query: "?scene=cv_live", moves: true, steps: openCv },
  { name: "cv-done", query: "?scene=cv", steps: async (page) => {
    await openCv(page);
    await page.getByRole("group", { name: "Cycle" }).getByRole("button", { name: "2" }).click();
    await page.getByRole("button", { name: "All", exact: true }).waitFor();
    await page.getByRole("group", { name: "Electrodes" }).getByRole("button", { name: /^E2/ }).click();
  } },
  { name: "cv-probe-moved", query: "?scene=cv", steps: async (page) => {
    await openCv(page);
    const probe = page.getByRole("slider", { name: "Probe 1" });
    await probe.focus();
    await page.keyboard.down("Shift");
    await page.keyboard.down("ArrowRight");
    await page.getByText("Preview").waitFor();
  } },
  { name: "cv-scan-rates", query: "?scene=cv_rates", steps: async (page) => {
    await openCv(page);
    await page.getByRole("button", { name: "Scan rates…" }).click();
    await page.getByText(/12 peaks at 4 scan rates/).waitFor();
  } },
  { name: "cv-view-only", query: "?scene=cv&follow=view_only", heading: "Followed sessions", onPhone: true, steps: openCv },
  { name: "ca-live", query: "?scene=ca_live", moves: true, steps: openCa },
  { name: "ca-log", query: "?scene=ca", steps: async (page) => {
    await openCa(page);
    await page.getByRole("button", { name: "Log–log" }).click();
  } },
  { name: "ca-one-exponential", query: "?scene=ca", steps: async (page) => {
    await openCa(page);
    await page.getByRole("article").getByLabel("Model").selectOption("mono");
    await page.getByText("Revision 2 is in force.").first().waitFor();
  } },
  { name: "ca-view-only", query: "?scene=ca&follow=view_only", heading: "Followed sessions", onPhone: true, steps: openCa },
];
