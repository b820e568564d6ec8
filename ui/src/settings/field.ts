import type { Settings } from "../protocol/Settings";

/** A value as a setting holds it. */
export type Value = string | number | boolean | null | readonly number[];

export interface Option {
  value: string;
  label: string;
}

/** A number that can also be dragged: where it is useful, which is less than what is allowed. */
export interface Slider {
  from: number;
  to: number;
  step: number;
  /** What it is called beside the field of its number. */
  name: string;
}

/** How a setting is shown and read. */
export type Control =
  | { kind: "choice"; options: readonly Option[] }
  /** A choice that may be absent: found from the content. */
  | { kind: "optional_choice"; options: readonly Option[] }
  | { kind: "number"; whole: boolean; optional?: boolean; slider?: Slider }
  | { kind: "numbers"; whole: boolean }
  /** Two ends; of files (`whole`), both may be the same. */
  | { kind: "range"; whole?: boolean }
  | { kind: "text" }
  | { kind: "switch" };

export interface SettingField {
  /** As in `settings.toml`: `peak.method`. */
  key: string;
  label: string;
  unit: string;
  explain: string;
  control: Control;
  /** What the engine takes, in words that follow "must be". */
  allowed: string;
  /** Whether one number is allowed. */
  accepts: (value: number, settings: Settings) => boolean;
  /** Whether the setting counts, given the others. */
  counts: (settings: Settings) => boolean;
  /** What is to be given where it must not stay empty, given the others; empty: it may. */
  needs: (settings: Settings) => string;
}

export interface SettingGroup {
  title: string;
  fields: readonly SettingField[];
}

type Optional = Partial<Pick<SettingField, "unit" | "allowed" | "accepts" | "counts" | "needs">>;

export function field(key: string, label: string, explain: string, control: Control, more: Optional = {}): SettingField {
  return {
    key,
    label,
    explain,
    control,
    unit: more.unit ?? "",
    allowed: more.allowed ?? "a number",
    accepts: more.accepts ?? (() => true),
    counts: more.counts ?? (() => true),
    needs: more.needs ?? (() => ""),
  };
}

export const choice = (...options: readonly (readonly [string, string])[]): Control => ({
  kind: "choice",
  options: options.map(([value, label]) => ({ value, label })),
});
export const optionalChoice = (...options: readonly (readonly [string, string])[]): Control => ({
  kind: "optional_choice",
  options: options.map(([value, label]) => ({ value, label })),
});
export const number: Control = { kind: "number", whole: false };
export const wholeNumber: Control = { kind: "number", whole: true };
/** A number with a slider. */
export const dragged = (name: string, from: number, to: number, step = 1): Control => ({
  kind: "number",
  whole: Number.isInteger(step),
  slider: { from, to, step, name },
});
export const optionalWhole: Control = { kind: "number", whole: true, optional: true };

export const between =
  (low: number, high: number) =>
  (value: number): boolean =>
    value >= low && value <= high;

export const isSquareWave = ({ technique }: Settings): boolean => technique === "swv" || technique === "frequency_map";
export const isVoltammogram = ({ technique }: Settings): boolean => technique === "cv";
export const isDecay = ({ technique }: Settings): boolean => technique === "ca";
