// Fixed colours of electrodes and frequencies, the same in every plot and chip. Found by a search for the largest smallest
// distance in OKLab as seen with normal, deuteranopic and protanopic vision, at 3:1 or more against each plot background.

/** Which of the two sets of colours is on screen. */
export type Scheme = "light" | "dark";

type Pair = Record<Scheme, string>;

/** Electrodes 1 to 16; the order gives the first ones the most contrast. */
const ELECTRODES: readonly Pair[] = [
  { light: "#21689e", dark: "#6db1ec" },
  { light: "#9b980b", dark: "#e7e56f" },
  { light: "#6f0000", dark: "#bf5546" },
  { light: "#451d74", dark: "#8864c0" },
  { light: "#8685e5", dark: "#d9dbf9" },
  { light: "#8d5403", dark: "#da9c5c" },
  { light: "#8f2e5d", dark: "#e077a4" },
  { light: "#5c8664", dark: "#a4d1ac" },
  { light: "#2c3ea8", dark: "#6d8af3" },
  { light: "#660344", dark: "#b45389" },
  { light: "#94771a", dark: "#e0c16d" },
  { light: "#7d3414", dark: "#cb7a5b" },
  { light: "#1874ed", dark: "#a0c6ff" },
  { light: "#7d9d73", dark: "#c8eabd" },
  { light: "#573c7f", dark: "#9d82cc" },
  { light: "#367a85", dark: "#81c4d0" },
];

/** Averaged traces and files without an electrode. */
const NO_ELECTRODE: Pair = { light: "#3d464d", dark: "#c3cbd0" };

/** The colour of an electrode; beyond 16 the colours start again, so the number always stands beside it. */
export function electrodeColour(electrode: number | null, scheme: Scheme): string {
  if (electrode === null || electrode < 1) return NO_ELECTRODE[scheme];
  return (ELECTRODES[(electrode - 1) % ELECTRODES.length] ?? NO_ELECTRODE)[scheme];
}

/** The way there and the way back of a potential that turns: cold and warm, which every kind of colour vision tells apart. */
const DIRECTIONS: Record<"forward" | "reverse", Pair> = {
  forward: { light: "#2a5fb8", dark: "#5fa8f5" },
  reverse: { light: "#cf6400", dark: "#ffad4d" },
};

/** The colour of a segment of a cyclic voltammogram by its direction. */
export function directionColour(direction: "forward" | "reverse", scheme: Scheme): string {
  return DIRECTIONS[direction][scheme];
}

/** A colour that lets what is below shine through, from 0 to 1. */
export function faded(hex: string, strength: number): string {
  return hex + Math.round(Math.min(1, Math.max(0, strength)) * 255).toString(16).padStart(2, "0");
}

/** From slow to fast: cold to warm along the axis that every kind of colour vision keeps, from blue to yellow. */
const FREQUENCY_SCALE: Record<Scheme, readonly string[]> = {
  light: ["#3b1f7a", "#2a5fb8", "#12807c", "#6b8400", "#cf6400"],
  dark: ["#9b8bff", "#5fa8f5", "#3fcfc0", "#bfd45c", "#ffad4d"],
};
const SLOWEST_HZ = 3;
const FASTEST_HZ = 600;

/** The colour of an SWV frequency: a place on one logarithmic scale, so it does not depend on which others are there. */
export function frequencyColour(frequency_hz: number | null, scheme: Scheme): string {
  if (frequency_hz === null || !(frequency_hz > 0)) return NO_ELECTRODE[scheme];
  const place = Math.log(frequency_hz / SLOWEST_HZ) / Math.log(FASTEST_HZ / SLOWEST_HZ);
  return alongScale(FREQUENCY_SCALE[scheme], Math.min(1, Math.max(0, place)));
}

function alongScale(stops: readonly string[], place: number): string {
  const position = place * (stops.length - 1);
  const k = Math.min(stops.length - 2, Math.floor(position));
  const from = toOklab(stops[k] ?? "#000000");
  const to = toOklab(stops[k + 1] ?? "#000000");
  const share = position - k;
  return fromOklab([
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ]);
}

type Triple = readonly [number, number, number];

/** sRGB in hexadecimal to linear light. */
export function toLinear(hex: string): Triple {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** OKLab (Ottosson 2020): distances in it are close to how different two colours look. */
export function linearToOklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function toOklab(hex: string): Triple {
  return linearToOklab(toLinear(hex));
}

function fromOklab([lightness, a, b]: Triple): string {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channel = (linear: number): string => {
    const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
    return Math.round(Math.min(1, Math.max(0, value)) * 255)
      .toString(16)
      .padStart(2, "0");
  };
  const red = channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = channel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return `#${red}${green}${blue}`;
}
