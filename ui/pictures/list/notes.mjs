// Pictures of notes.

import { openInspector, openNotes } from "../steps.mjs";

/** @type {import("../studio.mjs").Picture[]} */
export const NOTES = [
  { name: "notes", query: "?scene=still", steps: openNotes },
  { name: "notes-empty", query: "?scene=still&notes=none", steps: openNotes },
  { name: "notes-search", query: "?scene=still", steps: async (page) => {
    await openNotes(page);
    await page.getByLabel("Search").fill("scan inj");
    await page.getByText("1 note with").waitFor();
  } },
  { name: "notes-new", query: "?scene=still", steps: async (page) => {
    await openNotes(page);
    await page.getByRole("button", { name: "New note" }).click();
    await page.getByRole("button", { name: "Save" }).click();
  } },
  { name: "notes-topic", query: "?scene=still", steps: async (page) => {
    await openNotes(page);
    await page.getByRole("group", { name: "Filter by topic" }).getByRole("button", { name: /^SOP/ }).click();
    await page.getByRole("button", { name: /^Delete all about/ }).click();
  } },
  { name: "notes-split", query: "?scene=still", steps: async (page) => {
    await openNotes(page);
    await page.getByRole("button", { name: "Paste and split…" }).click();
    await page.getByLabel("Text", { exact: true }).fill(
      "Buffer: 20 mM Tris, 100 mM NaCl, pH 7.4\nChip: 12, blue dot, second use\nTarget: 1 mM stock, diluted at noon\nthe first dilution was thrown away",
    );
    await page.getByLabel("Topics of all").fill("Day 3");
  } },
  { name: "notes-session", query: "?scene=still", steps: (page) => openInspector(page, "Notes") },
  { name: "notes-point", query: "?scene=still", steps: async (page) => {
    await openNotes(page);
    await page.getByRole("button", { name: /: E\d · .* file \d+$/ }).click();
    await page.getByRole("tab", { name: "Notes" }).waitFor();
    await page.getByRole("button", { name: /^Add a note about/ }).click();
  } },
  { name: "notes-owner", query: "?follow=live&scene=still", heading: "Followed sessions", onPhone: true, steps: openNotes },
  { name: "notes-view-only", query: "?follow=view_only&scene=still", heading: "Followed sessions", onPhone: true, steps: openNotes },
];
