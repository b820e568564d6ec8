/**
 * Numbers with units for people: SI prefixes chosen by the data, a fixed number of digits, a real minus sign.
 * Data itself stays in SI base units everywhere else.
 */

/** Units that axes and read-outs know; "" is a plain number. */
export type Unit = "A" | "V" | "VA" | "Hz" | "s" | "M" | "%" | "";

/** How a unit is shown: `shown = value * factor`, with the unit's text. */
export interface UnitScale {
  factor: number;
  exponent: number;
  text: string;
}

const PREFIXES: Record<number, string> = {
  [-18]: "a",
  [-15]: "f",
  [-12]: "p",
  [-9]: "n",
  [-6]: "µ",
  [-3]: "m",
  0: "",
  3: "k",
  6: "M",
};

/** Smallest and largest exponent that a unit is shown with; potentials stay in V or mV, as electrochemists read them. */
const LIMITS: Record<Unit, [number, number]> = {
  A: [-18, 0],
  V: [-3, 0],
  VA: [-18, 0],
  Hz: [0, 6],
  s: [0, 0],
  M: [-15, 0],
  "%": [0, 0],
  "": [0, 0],
};

const NAMES: Partial<Record<Unit, string>> = { VA: "V·A" };

/** The scale with that exponent. */
export function unitScale(unit: Unit, exponent: number): UnitScale {
  const [low, high] = LIMITS[unit];
  const kept = Math.min(high, Math.max(low, exponent));
  return { factor: 10 ** -kept, exponent: kept, text: (PREFIXES[kept] ?? "") + (NAMES[unit] ?? unit) };
}

/**
 * The scale in which `magnitude` (the largest absolute value to be shown) has one to three digits before the point.
 * With `previous`, its prefix stays while the numbers remain easy to read (0.5 to 2,000), so that axes do not flicker
 * between two prefixes.
 */
export function scaleFor(unit: Unit, magnitude: number, previous?: UnitScale): UnitScale {
  if (!(magnitude > 0) || !Number.isFinite(magnitude)) return previous ?? unitScale(unit, 0);
  if (previous) {
    const shown = magnitude * previous.factor;
    if (shown >= 0.5 && shown < 2000) return previous;
  }
  return unitScale(unit, 3 * Math.floor((Math.log10(magnitude) + 1e-9) / 3));
}

/** Text of a number with so many decimals; a minus sign that is as wide as a plus, and no "−0". */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(Math.min(20, Math.max(0, decimals)));
  if (!text.startsWith("-")) return text;
  return /[1-9]/.test(text) ? `\u2212${text.slice(1)}` : text.slice(1);
}

/** Text of a number with so many significant digits, never in exponent form for what people read here. */
export function significant(value: number, digits: number): string {
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size >= 9 || size < -9) return value.toExponential(Math.max(0, digits - 1)).replaceAll("-", "\u2212");
  return fixed(value, digits - 1 - size);
}

/** What stands where there is no number. */
export const NOTHING = "–";

/**
 * A quantity for a read-out: "−232.4 nA", "318 mV", or a dash where there is none.
 * Without `scale` the prefix is chosen by the value itself.
 */
export function quantity(value: number | null | undefined, unit: Unit, digits = 4, scale?: UnitScale): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  const used = scale ?? scaleFor(unit, Math.abs(value));
  const text = significant(value * used.factor, digits);
  if (used.text === "") return text;
  return used.text === "%" ? `${text} %` : `${text}\u202f${used.text}`;
}

/** A frequency as chips and legends show it: "15 Hz", "2.5 kHz". Whole numbers stay whole. */
export function frequency(hz: number | null): string {
  if (hz === null || !Number.isFinite(hz)) return "no frequency";
  const scale = hz >= 10_000 ? unitScale("Hz", 3) : unitScale("Hz", 0);
  return `${String(Number((hz * scale.factor).toPrecision(6)))}\u202f${scale.text}`;
}

/** Seconds as people say them: "45 s", "3 min 20 s", "2 h 05 min", "1 d 4 h". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return NOTHING;
  const sign = seconds < 0 ? "\u2212" : "";
  const whole = Math.abs(seconds);
  if (whole < 10) return `${sign}${significant(whole, 2)}\u202fs`;
  const s = Math.round(whole);
  if (s < 60) return `${sign}${s}\u202fs`;
  const m = Math.floor(s / 60);
  if (m < 60) return s % 60 === 0 ? `${sign}${m}\u202fmin` : `${sign}${m}\u202fmin ${s % 60}\u202fs`;
  const h = Math.floor(m / 60);
  if (h < 24) return `${sign}${h}\u202fh ${String(m % 60).padStart(2, "0")}\u202fmin`;
  return `${sign}${Math.floor(h / 24)}\u202fd ${h % 24}\u202fh`;
}
