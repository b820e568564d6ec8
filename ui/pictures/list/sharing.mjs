// Pictures of sharing.

import { openShare } from "../steps.mjs";

/** @type {import("../studio.mjs").Picture[]} */
export const SHARING = [
  { name: "share-off", query: "?scene=still", steps: openShare },
  { name: "share-on", query: "?scene=still&sharing=online", steps: openShare },
  { name: "share-refused", query: "?scene=still&sharing=refused", steps: openShare },
  { name: "share-renew", query: "?scene=still&sharing=online", steps: async (page) => {
    await openShare(page);
    await page.getByRole("button", { name: "Renew the User ID…" }).click();
  } },
];
