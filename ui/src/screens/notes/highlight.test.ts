import { expect, test } from "vitest";

import { stretches } from "./highlight";

test("ranges count characters, also those of two code units", () => {
  expect(stretches("🧪 10 µM 🧪ATP", [{ from: 5, to: 7 }, { from: 9, to: 12 }])).toEqual([
    { text: "🧪 10 ", isFound: false },
    { text: "µM", isFound: true },
    { text: " 🧪", isFound: false },
    { text: "ATP", isFound: true },
  ]);
});

test("without ranges, and with ranges that do not fit, the text is whole", () => {
  expect(stretches("a b", [])).toEqual([{ text: "a b", isFound: false }]);
  const cut = stretches("abc", [{ from: 1, to: 2 }, { from: 0, to: 3 }, { from: 2, to: 9 }]);
  expect(cut.map(({ text }) => text).join("")).toBe("abc");
  expect(cut.filter(({ isFound }) => isFound)).toHaveLength(1);
});
