import { expect, test } from "vitest";

import type { Scheme } from "./colours";
import { electrodeColour, frequencyColour, linearToOklab, toLinear } from "./colours";

const BACKGROUND: Record<Scheme, string> = { light: "#ffffff", dark: "#14181c" };
const ELECTRODES = Array.from({ length: 16 }, (_, k) => k + 1);

type Triple = readonly [number, number, number];

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear light. */
const VISIONS: Record<string, readonly Triple[]> = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
};

function seen(hex: string, vision: readonly Triple[]): Triple {
  const [r, g, b] = toLinear(hex);
  const channel = (row: Triple | undefined): number =>
    row ? Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b)) : 0;
  return linearToOklab([channel(vision[0]), channel(vision[1]), channel(vision[2])]);
}

function luminance(hex: string): number {
  const [r, g, b] = toLinear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

test.each(["light", "dark"] as const)("colours stand out from the %s background", (scheme) => {
  for (const electrode of [...ELECTRODES, null]) {
    expect(contrast(electrodeColour(electrode, scheme), BACKGROUND[scheme])).toBeGreaterThan(2.95);
  }
  for (let hz = 1; hz < 2000; hz *= 1.3) {
    expect(contrast(frequencyColour(hz, scheme), BACKGROUND[scheme])).toBeGreaterThan(2.95);
  }
});

test.each(Object.keys(VISIONS))("16 electrodes can be told apart with %s", (name) => {
  for (const scheme of ["light", "dark"] as const) {
    const colours = ELECTRODES.map((electrode) => seen(electrodeColour(electrode, scheme), VISIONS[name] ?? []));
    for (const [k, a] of colours.entries()) {
      for (const b of colours.slice(k + 1)) {
        expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(0.055);
      }
    }
  }
});

test("a frequency has its colour whatever else there is", () => {
  expect(frequencyColour(15, "light")).not.toBe(frequencyColour(200, "light"));
  expect(frequencyColour(0.01, "light")).toBe(frequencyColour(1, "light"));
  expect(frequencyColour(null, "dark")).toBe(electrodeColour(null, "dark"));
});
