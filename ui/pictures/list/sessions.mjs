// Pictures of a session: its states, its inspector, the time bar.

import { markLowerEnd, openInspector, openLive } from "../steps.mjs";

/** @type {import("../studio.mjs").Picture[]} */
export const SESSIONS = [
  { name: "session-first-file", query: "?scene=first", steps: openLive },
  { name: "session-unusable", query: "?scene=unusable", steps: openLive },
  { name: "session-no-reference", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Settings");
    await page.getByText("Trends", { exact: true }).click();
    await page.getByLabel("Normalise to index").fill("0");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("Revision 2 is in force.").waitFor();
  } },
  { name: "notice-over-dialog", query: "?scene=still", steps: async (page) => {
    await openLive(page);
    await page.getByRole("button", { name: "Marker", exact: true }).click();
    await page.getByLabel("Text").fill("x".repeat(190) + "\u0007");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("A name has 1 to 200 characters").waitFor();
  } },
  { name: "session", query: "?scene=still", steps: openLive },
  { name: "session-large", query: "?scene=large", moves: true, steps: openLive },
  { name: "session-settings-error", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Settings");
    await page.getByLabel("Points dropped at each end").fill("many");
    await page.getByLabel("Potential window", { exact: false }).first().fill("-0,4");
  } },
  { name: "session-files", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Files");
    await page.getByRole("button", { name: "Not used" }).click();
    await page.getByRole("list", { name: "Files" }).getByRole("button").first().click();
  } },
  { name: "session-markers", query: "?scene=still", steps: (page) => openInspector(page, "Markers") },
  { name: "session-revisions", query: "?scene=still", steps: (page) => openInspector(page, "Revisions") },
  { name: "replay", query: "?scene=still", steps: async (page) => {
    await openLive(page);
    await page.getByLabel("Jump to a marker").selectOption({ index: 3 });
  } },
  { name: "settings-dragged", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Settings");
    await page.getByLabel("Trim by dragging").fill("14");
    await page.getByRole("button", { name: /^Undo/ }).waitFor();
  } },
  { name: "delete", query: "?scene=still", steps: async (page) => {
    await openLive(page);
    await page.getByRole("button", { name: "Delete the session" }).click();
  } },
  { name: "session-marking", query: "?scene=still", steps: async (page) => {
    await openLive(page);
    await markLowerEnd(page);
  } },
  { name: "session-marked", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Markers");
    await markLowerEnd(page);
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText(/^The baseline: /).waitFor();
  } },
  { name: "session-quality", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Quality");
    await page.getByRole("region", { name: /^E2, 15/ }).getByRole("button", { name: /with a warning$/ }).click();
    await page.getByText("No peak stands out").first().waitFor();
  } },
  { name: "session-calibration", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Calibration");
    await page.getByLabel("Where the curve comes from").selectOption("markers");
    await page.getByRole("button", { name: "Use this calibration" }).click();
    await page.getByRole("button", { name: "Keep these curves" }).waitFor();
  } },
  { name: "session-calibration-steps", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Calibration");
    await page.getByLabel("Where the curve comes from").selectOption("steps");
    await page.getByRole("button", { name: "Add a step" }).click();
  } },
];
