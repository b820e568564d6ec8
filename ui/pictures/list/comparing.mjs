// Pictures of comparing sessions, and exports.

import { CHIPS, compare, openExport, openLive } from "../steps.mjs";

/** @type {import("../studio.mjs").Picture[]} */
export const COMPARING = [
  { name: "export", query: "?scene=still", steps: async (page) => {
    await openLive(page);
    await page.getByRole("button", { name: "Export", exact: true }).click();
  } },
  { name: "export-trends", query: "?scene=still", steps: (page) => openExport(page, "Trends (CSV)") },
  { name: "export-figure", query: "?scene=still", steps: (page) => openExport(page, "Figure (SVG, PDF, PNG)") },
  { name: "export-done", query: "?scene=still", steps: async (page) => {
    await openExport(page, "Excel workbook");
    await page.getByRole("button", { name: "Choose…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Export" }).click();
    await page.getByRole("button", { name: "Show in folder" }).waitFor();
  } },
  { name: "compare-empty", query: "?scene=compare", steps: (page) => compare(page, []) },
  { name: "compare-marker", query: "?scene=compare", steps: async (page) => {
    await compare(page, CHIPS, "from a marker, in time");
    await page.getByRole("slider", { name: /^Peak current/ }).hover({ position: { x: 300, y: 40 } });
  } },
  { name: "compare-electrodes", query: "?scene=compare", steps: async (page) => {
    await compare(page, CHIPS.slice(0, 2), "by time since the start");
    await page.getByText("Mean ± SD of all").first().click();
    await page.getByLabel("Mean ± SD as one line").first().uncheck();
  } },
];
