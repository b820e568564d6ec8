import { expect, test } from "vitest";

import { cellsOf, isNumber, likelyDelimiter } from "./table-cells";

test("the separator is the one that most lines agree on, and a decimal comma is none", () => {
  expect(likelyDelimiter(["t;E;i", "1;0,5;2,5", "2;0,6;2,7"])).toBe("semicolon");
  expect(likelyDelimiter(["# log", "1\t0.5\t2", "2\t0.6\t3"])).toBe("tab");
  expect(likelyDelimiter(["1,0.5,2", "2,0.6,3"])).toBe("comma");
  expect(likelyDelimiter(["  1   0,5  2", "  2   0,6  3"])).toBe("space");
  expect(likelyDelimiter([])).toBe("space");
});

test("cells are cut as the engine does, and empty ones between marks stay", () => {
  expect(cellsOf("  1   2 ", "space")).toEqual(["1", "2"]);
  expect(cellsOf("1;;3", "semicolon")).toEqual(["1", "", "3"]);
});

test("numbers are told from words by the decimal mark", () => {
  expect(["1", "-0.5", "1e-6", ".5", "E/V", "0,5", ""].map((cell) => isNumber(cell, false))).toEqual([
    true, true, true, true, false, false, false,
  ]);
  expect(isNumber("0,5", true)).toBe(true);
});
