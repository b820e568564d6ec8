// Pictures of the start, and a new session before it starts.

import { openFolder } from "../steps.mjs";

/** @type {import("../studio.mjs").Picture[]} */
export const STARTING = [
  { name: "start-first", query: "?scene=empty&identity=needs_consent" },
  { name: "start", query: "?scene=still" },
  { name: "new-session", query: "?scene=still", steps: openFolder },
  { name: "new-session-unknown-table", query: "?scene=still&folder=unknown", steps: openFolder },
  { name: "new-session-writing", query: "?scene=still", steps: async (page) => {
    await openFolder(page);
    await page.getByLabel("File", { exact: true }).selectOption("ATP_200Hz_148.txt");
  } },
  { name: "new-session-other-technique", query: "?scene=still&folder=cv", steps: openFolder },
  { name: "new-session-chosen", query: "?scene=still", steps: (page) => page.getByRole("button", { name: "Open files" }).click() },
  { name: "sources-dragged", query: "?scene=still&arriving=over" },
  { name: "sources-lot", query: "?scene=still&arriving=mixed", heading: "Open files" },
  { name: "sources-cv", query: "?scene=still&folder=cv", steps: async (page) => {
    await openFolder(page);
    await page.getByText("As the files say.").waitFor();
  } },
  { name: "sources-ca", query: "?scene=still&folder=cv", steps: async (page) => {
    await openFolder(page);
    await page.getByLabel("Measured as").selectOption("ca");
    await page.getByText(/^Time constant/).waitFor();
  } },
  { name: "sources-columns", query: "?scene=still&folder=unknown", steps: async (page) => {
    await openFolder(page);
    await page.getByLabel("What column 2 holds").selectOption("potential");
    await page.getByLabel("What column 4 holds").selectOption("current");
    await page.getByText(/^Peak \d/).waitFor();
  } },
  { name: "sources-temporary", query: "?scene=temporary" },
  { name: "sources-temporary-session", query: "?scene=temporary", steps: async (page) => {
    await page.getByRole("button", { name: "Scan of a new chip" }).last().click();
    await page.getByText(/expires in/).last().waitFor();
  } },
];
