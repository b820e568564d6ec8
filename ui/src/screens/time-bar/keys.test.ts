import { expect, test } from "vitest";

import type { Marker } from "../../protocol/Marker";
import { leavesKeys, timeKey } from "./keys";
import { fileAt, markerBeside, shareOf } from "./marker-places";

const NO_MODIFIERS = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

test.each([
  [" ", false, "play"],
  ["ArrowLeft", false, "back"],
  ["ArrowRight", true, "on-far"],
  ["Home", false, "first"],
  ["End", false, "newest"],
  ["]", false, "marker-on"],
  ["x", false, null],
] as const)("the key %j (with Shift: %j) means %j", (key, shiftKey, meaning) => {
  expect(timeKey({ ...NO_MODIFIERS, key, shiftKey })).toBe(meaning);
  expect(timeKey({ ...NO_MODIFIERS, key, shiftKey, ctrlKey: true })).toBeNull();
});

test("whatever has a use for a key keeps it", () => {
  document.body.innerHTML = `<main><p tabindex="-1">text</p><button>b</button><input><input type="range" id="own"><input type="range">
    <div role="slider" tabindex="0"></div><dialog open><p>in a dialog</p></dialog></main>`;
  const find = (selector: string) => document.querySelector<HTMLElement>(selector) ?? undefined;
  const own = find("#own");
  expect(leavesKeys(document.body, own, "on")).toBe(true);
  expect(leavesKeys(find("main > p") ?? null, own, "on")).toBe(true);
  for (const other of ["button", "input:not([type])", "input[type=range]:not(#own)", "[role=slider]", "dialog p"]) {
    expect(leavesKeys(find(other) ?? null, own, "play"), other).toBe(false);
  }
  expect(leavesKeys(own ?? null, own, "on")).toBe(false);
  expect(leavesKeys(own ?? null, own, "play")).toBe(true);
});

test("markers stand along the bar, and are found on both sides", () => {
  const markers = [2, 5.5, 9].map((index): Marker => ({ id: String(index), kind: "injection", index, label: "" }));
  expect(shareOf(5.5, 1, 10)).toBe(0.5);
  expect(shareOf(12, 1, 10)).toBe(1);
  expect(shareOf(1, 1, 1)).toBe(0);
  expect(markerBeside(markers, 5.5, 1)?.index).toBe(9);
  expect(markerBeside(markers, 5.5, -1)?.index).toBe(2);
  expect(markerBeside(markers, 9, 1)).toBeNull();
  expect(fileAt(markers[1]!, 1, 10)).toBe(6);
  expect(fileAt({ ...markers[2]!, index: 40 }, 1, 10)).toBe(10);
});
