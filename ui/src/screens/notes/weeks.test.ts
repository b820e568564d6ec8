import { expect, test } from "vitest";

import { lastWeeks } from "./weeks";

test("weeks begin on Monday, go over the year's end, and those without a note are there", () => {
  const counted = [{ monday: "2026-12-28", notes: 4 }, { monday: "2026-11-30", notes: 9 }];
  expect(lastWeeks(counted, new Date(2027, 0, 3), 3)).toEqual([
    { monday: "2026-12-14", notes: 0 },
    { monday: "2026-12-21", notes: 0 },
    { monday: "2026-12-28", notes: 4 },
  ]);
  expect(lastWeeks(counted, new Date(2027, 0, 4), 1)).toEqual([{ monday: "2027-01-04", notes: 0 }]);
});
