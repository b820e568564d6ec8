import { expect, test } from "vitest";

import { toLinear } from "./colours";
import css from "./tokens.css?raw";

const [lightPart = "", darkPart = ""] = css.split(':root[data-theme="dark"]');

function tokens(part: string): Map<string, string> {
  return new Map([...part.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = "", colour = ""]) => [name, colour]));
}

const SCHEMES = { light: tokens(lightPart), dark: tokens(darkPart) };

function luminance(colour: string): number {
  const [r, g, b] = toLinear(colour);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const SURFACES = ["surface", "surface-app", "surface-raised", "surface-hover"];
const PAIRS: [text: string, on: readonly string[], ratio: number][] = [
  ["text-main", [...SURFACES, "accent-surface", "warning-surface", "danger-surface"], 7],
  ["text-muted", [...SURFACES, "accent-surface"], 4.5],
  ["accent", ["surface", "surface-app"], 4.5],
  ["on-accent", ["accent", "accent-hover"], 4.5],
  ["danger", ["surface", "surface-raised", "danger-surface"], 4.5],
  ["warning", ["surface", "warning-surface"], 4.5],
  ["ok", ["surface", "surface-raised"], 4.5],
  // What outlines a control, and what shows the focus.
  ["line-strong", ["surface"], 3],
  ["focus", SURFACES, 3],
];

test.each(Object.entries(SCHEMES))("text and controls of the %s scheme have the contrast of WCAG AA", (_, scheme) => {
  const low: string[] = [];
  for (const [text, surfaces, ratio] of PAIRS) {
    for (const on of surfaces) {
      const [front, back] = [scheme.get(text), scheme.get(on)];
      if (!front || !back) throw new Error(`${text} or ${on} is not a token`);
      const [above, below] = [luminance(front), luminance(back)].sort((a, b) => b - a) as [number, number];
      const contrast = (above + 0.05) / (below + 0.05);
      if (contrast < ratio) low.push(`${text} on ${on}: ${contrast.toFixed(2)}`);
    }
  }
  expect(low).toEqual([]);
});

test("both schemes define the same colours", () => {
  expect([...SCHEMES.dark.keys()].sort()).toEqual([...SCHEMES.light.keys()].sort());
});
