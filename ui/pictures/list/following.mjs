// Pictures of an agent elsewhere, as its followers see it.

import { CHIPS, compare, compareMaps, openLive, openMap, showList } from "../steps.mjs";

/** @type {import("../studio.mjs").Picture[]} */
export const FOLLOWING = [
  { name: "follow-code", query: "?follow=code", heading: "Follow an experiment", onPhone: true, steps: async (page) => {
    await page.getByLabel("User ID or view-only code").fill("04003kq9yv5hsnez");
    await page.getByRole("button", { name: "Follow", exact: true }).click();
    await page.getByText("This is not a valid code.").waitFor();
  } },
  { name: "follow-overview", query: "?scene=still&follow=live", heading: "Followed sessions", onPhone: true },
  { name: "follow-absent", query: "?scene=still&follow=absent", heading: "Followed sessions", onPhone: true },
  { name: "follow-refused", query: "?scene=still&follow=refused", heading: "Followed sessions", onPhone: true },
  { name: "follow-session", query: "?scene=still&follow=live", heading: "Followed sessions", onPhone: true, steps: openLive },
  { name: "follow-view-only", query: "?scene=still&follow=view_only", heading: "Followed sessions", onPhone: true, steps: openLive },
  { name: "follow-list", query: "?scene=still&follow=view_only", heading: "Followed sessions", onPhone: true, steps: async (page) => {
    await showList(page);
  } },
  { name: "follow-unreachable", query: "?scene=still&follow=unreachable", heading: "Followed sessions", onPhone: true, steps: openLive },
  { name: "follow-compare", query: "?scene=compare&follow=view_only", heading: "Followed sessions", onPhone: true, steps: (page) => compare(page, CHIPS.slice(0, 2), "from a marker, in files") },
  { name: "follow-export", query: "?scene=still&follow=live", heading: "Followed sessions", onPhone: true, steps: async (page) => {
    await openLive(page);
    await page.getByRole("button", { name: "Export", exact: true }).click();
  } },
  { name: "follow-map", query: "?follow=view_only&scene=map-still", heading: "Followed sessions", onPhone: true, steps: (page) =>
    openMap(page, "Map of chip 15") },
  { name: "follow-map-compare", query: "?follow=view_only&scene=map-still", heading: "Followed sessions", onPhone: true, steps: compareMaps },
];
