import { expect, test } from "vitest";

import { guess, split } from "./split";

const texts = (text: string, at: Parameters<typeof split>[1]): string[] => split(text, at).map((part) => part.text);

test("paragraphs are notes, whatever ends the lines and however many are blank", () => {
  const text = "\r\nBuffer changed\r\nat noon\r\n\r\n \t\r\n\r\n  indented\r\n";
  expect(texts(text, "blank_lines")).toEqual(["Buffer changed\nat noon", "  indented"]);
  expect(guess(text)).toBe("blank_lines");
});

test("what stands under a heading is a note with it as its topic", () => {
  const text = "Before\n\n# Buffer #\nPBS\n\npH 7.4\n\nTarget\n======\n10 µM ATP\n## Alone\n## One, two\nx";
  expect(guess(text)).toBe("headings");
  expect(split(text, "headings")).toEqual([
    { text: "Before", topics: [] },
    { text: "PBS\n\npH 7.4", topics: ["Buffer"] },
    { text: "10 µM ATP", topics: ["Target"] },
    { text: "Alone", topics: [] },
    // A topic has no comma.
    { text: "One, two\nx", topics: [] },
  ]);
});

test("a heading that is too long for a topic stays in the text", () => {
  const long = "long ".repeat(20).trim();
  expect(split(`# ${long}\nx`, "headings")).toEqual([{ text: `${long}\nx`, topics: [] }]);
});

test("bullets of the outermost level are notes, with what is indented under them", () => {
  const text = "List\n- one\n  - deeper\n  more\n• two\n3) three\n";
  expect(guess(text)).toBe("bullets");
  expect(texts(text, "bullets")).toEqual(["List", "one\n  - deeper\n  more", "two", "three"]);
  expect(texts("  - a\n  - b", "bullets")).toEqual(["a", "b"]);
  expect(texts("no bullet", "bullets")).toEqual(["no bullet"]);
});

test("a topic and a colon begin a note; times, addresses and numbers do not", () => {
  const text = "Buffer: PBS\nmore of it\n12:30 wash\nhttp://x.y\nFlow rate (µL): none\n- Chip: 12";
  expect(split(text, "topics")).toEqual([
    { text: "PBS\nmore of it\n12:30 wash\nhttp://x.y", topics: ["Buffer"] },
    { text: "none", topics: ["Flow rate (µL)"] },
    { text: "12", topics: ["Chip"] },
  ]);
  expect(guess(text)).toBe("topics");
});

test("prose with a colon is not taken for topics", () => {
  expect(guess("We saw this: a drift\nthat went on\nand on and on\nuntil noon")).toBe("nothing");
});

test.each(["headings", "topics", "bullets", "blank_lines", "nothing"] as const)("a blank text split at %s gives nothing", (at) => {
  expect(split(" \n\t\n", at)).toEqual([]);
});

test("whatever is split, every word of the text is still there", () => {
  const text = "# A\nb c\n\n- d\n  - e\nF: g\n\n1. h\nI\n---\nj";
  const words = (all: string): string[] => [...all.matchAll(/\p{L}+/gu)].map(([word]) => word).sort();
  for (const at of ["headings", "topics", "bullets", "blank_lines", "nothing"] as const) {
    const found = split(text, at).map((part) => [...part.topics, part.text].join(" ")).join(" ");
    expect(words(found)).toEqual(words(text));
  }
});
