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
  | { kind: "range" }
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
}

export interface SettingGroup {
  title: string;
  fields: readonly SettingField[];
}

type Optional = Partial<Pick<SettingField, "unit" | "allowed" | "accepts" | "counts">>;

function field(key: string, label: string, explain: string, control: Control, more: Optional = {}): SettingField {
  return {
    key,
    label,
    explain,
    control,
    unit: more.unit ?? "",
    allowed: more.allowed ?? "a number",
    accepts: more.accepts ?? (() => true),
    counts: more.counts ?? (() => true),
  };
}

const choice = (...options: readonly (readonly [string, string])[]): Control => ({
  kind: "choice",
  options: options.map(([value, label]) => ({ value, label })),
});
const optionalChoice = (...options: readonly (readonly [string, string])[]): Control => ({
  kind: "optional_choice",
  options: options.map(([value, label]) => ({ value, label })),
});
const number: Control = { kind: "number", whole: false };
const wholeNumber: Control = { kind: "number", whole: true };
/** A number with a slider. */
const dragged = (name: string, from: number, to: number, step = 1): Control => ({
  kind: "number",
  whole: Number.isInteger(step),
  slider: { from, to, step, name },
});
const optionalWhole: Control = { kind: "number", whole: true, optional: true };

const between =
  (low: number, high: number) =>
  (value: number): boolean =>
    value >= low && value <= high;
const window = { unit: "points", allowed: "from 3 to 1001", accepts: between(3, 1001) };
const frequency = { unit: "Hz", allowed: "0 (automatic) or above", accepts: (value: number) => value >= 0 };
const swv = (settings: Settings): boolean => settings.technique === "swv" || settings.technique === "frequency_map";
const cv = (settings: Settings): boolean => settings.technique === "cv";
const ca = (settings: Settings): boolean => settings.technique === "ca";
const isOff = (): boolean => false;

const FILTER_MODES = [
  ["off", "Off"],
  ["auto", "Automatic"],
  ["manual", "Manual"],
] as const;

/** Every key of `settings.toml`, in the groups that the window shows. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    title: "Peak",
    fields: [
      field(
        "peak.method",
        "Method",
        "Tangent finds the chord that touches the sweep on both sides of the peak. SACMES_Web gives the predecessor's numbers.",
        choice(["tangent", "Tangent"], ["sacmes-web", "SACMES_Web"]),
        { counts: swv },
      ),
      field("peak.quantity", "Quantity", "What stands for the peak in trends.", choice(["height", "Height"], ["area", "Area"]), {
        counts: swv,
      }),
      field(
        "peak.polarity",
        "Direction",
        "Automatic takes the side with the larger peak above its own baseline.",
        choice(["auto", "Automatic"], ["up", "Upwards"], ["down", "Downwards"]),
        { counts: swv },
      ),
      field("peak.range_v", "Potential window", "Where the peak is looked for; empty = the whole sweep.", { kind: "range" }, {
        unit: "V",
        counts: swv,
      }),
      field("peak.trim_points", "Points dropped at each end", "Keeps transients at the start and end out.", dragged("Trim by dragging", 0, 60), {
        unit: "points",
        allowed: "from 0 to 10000",
        accepts: between(0, 10_000),
        counts: swv,
      }),
      // SACMES_Web measures heights from a tangent; only its area stands on a polynomial.
      field(
        "peak.polynomial_degree",
        "Degree of the baseline",
        "SACMES_Web takes the area against a polynomial of this degree, fitted to the whole sweep.",
        dragged("Bend by dragging", 1, 20),
        {
          allowed: "from 1 to 30",
          accepts: between(1, 30),
          counts: (settings) => swv(settings) && settings.peak.method === "sacmes-web" && settings.peak.quantity === "area",
        },
      ),
      field("peak.peaks", "Peaks", "How many are fitted; 0 = two where the sweep demands it.", wholeNumber, {
        allowed: "0 (automatic), 1 or 2",
        accepts: between(0, 2),
        counts: (settings) => swv(settings) && settings.peak.method === "gaussian",
      }),
    ],
  },
  {
    title: "Smoothing",
    fields: [
      field("smoothing.savgol", "Savitzky-Golay filter", "Smooths before the peak search.", choice(...FILTER_MODES)),
      field("smoothing.savgol_window", "Window", "An even number is made odd.", dragged("Smooth by dragging", 3, 61, 2), {
        ...window,
        counts: (settings) => settings.smoothing.savgol === "manual",
      }),
      field("smoothing.savgol_degree", "Degree", "Degree of the polynomial, below the window.", dragged("Stiffness by dragging", 0, 8), {
        allowed: "from 0 to 10",
        accepts: between(0, 10),
        counts: (settings) => settings.smoothing.savgol === "manual",
      }),
      field("smoothing.hampel", "Hampel filter", "Replaces single bad points.", choice(...FILTER_MODES)),
      field("smoothing.hampel_window", "Window", "Points looked at around each point.", dragged("Neighbours by dragging", 3, 41, 2), {
        ...window,
        counts: (settings) => settings.smoothing.hampel === "manual",
      }),
      field("smoothing.hampel_threshold", "Threshold", "Times the scaled median absolute deviation.", dragged("Tolerance by dragging", 0.5, 10, 0.1), {
        allowed: "above 0 and at most 100",
        accepts: (value) => value > 0 && value <= 100,
        counts: (settings) => settings.smoothing.hampel === "manual",
      }),
      field("smoothing.savgol_window_mv", "Window", "Of a method that comes later; kept as it is.", number, {
        unit: "mV",
        counts: isOff,
      }),
    ],
  },
  {
    title: "Trends",
    fields: [
      field("trend.normalize_to", "Normalise to index", "Every trend is divided by the measurement at this index; -1 = off.", wholeNumber, {
        allowed: "-1 (off) or an index",
        accepts: (value) => value >= -1,
      }),
      field("trend.x", "Horizontal axis", "", choice(["index", "File index"], ["time", "Time"])),
      field(
        "trend.sampling_interval_s",
        "Sampling interval",
        "From one index to the next, where files carry no time.",
        number,
        { unit: "s", allowed: "above 0", accepts: (value) => value > 0 },
      ),
      field(
        "trend.kdm",
        "KDM",
        "Kinetic differential measurement in %: normalised high minus low frequency, plus 1 or over the average of both.",
        choice(["difference", "Difference + 1"], ["difference_over_average", "Difference / average"]),
      ),
      field("trend.high_frequency_hz", "High frequency", "0 = the highest.", number, frequency),
      field("trend.low_frequency_hz", "Low frequency", "0 = the lowest.", number, frequency),
      field("trend.low_offset", "Offset of the low frequency", "Added to the normalised low frequency.", number),
      field("trend.low_slope", "Slope of the low frequency", "Times the index, added to the normalised low frequency.", number, {
        unit: "per index",
      }),
      field("trend.peak", "Peak", "Which of two fitted peaks, counted from the lower potential.", wholeNumber, {
        allowed: "1 or 2",
        accepts: between(1, 2),
        counts: (settings) => swv(settings) && settings.peak.method === "gaussian",
      }),
      field("trend.replicates", "Replicates in a group", "Neighbouring indices averaged with their error; 1 = none.", wholeNumber, {
        allowed: "from 1 to 1000",
        accepts: between(1, 1000),
      }),
    ],
  },
  {
    title: "Electrodes",
    fields: [
      field(
        "electrodes.selected",
        "Electrodes",
        "Numbers as the files state them, such as 1, 2, 5; empty = all.",
        { kind: "numbers", whole: true },
        { allowed: "from 1 to 1000", accepts: between(1, 1000) },
      ),
      field("electrodes.average", "One averaged trace over these electrodes", "", { kind: "switch" }),
    ],
  },
  {
    title: "Files",
    fields: [
      field("files.handle", "Handle", "Common stem of the file names; empty = any.", { kind: "text" }),
      field(
        "files.pattern",
        "Name pattern",
        "auto, or a template of <H> handle, <E> electrode, <F> frequency, <N> index, such as <H>_<F>Hz_<N>.",
        { kind: "text" },
      ),
      field("files.extension", "Extension", "Such as txt; empty = any.", { kind: "text" }),
      field("files.frequencies_hz", "Frequencies", "Such as 15, 200; empty = all that are found.", { kind: "numbers", whole: false }, {
        unit: "Hz",
        allowed: "above 0 and at most 1000000",
        accepts: (value) => value > 0 && value <= 1e6,
      }),
      field("files.first_index", "First index", "0 = from the beginning.", wholeNumber, {
        allowed: "0 or above",
        accepts: (value) => value >= 0,
      }),
      field("files.last_index", "Last index", "0 = open end.", wholeNumber, {
        allowed: "0 or at least the first index",
        accepts: (value, settings) => value === 0 || value >= settings.files.first_index,
      }),
    ],
  },
  {
    title: "Columns of tables",
    fields: [
      ...(
        [
          ["columns.potential", "Column of the potential", "Counted from 1."],
          ["columns.current", "Column of the first current", "Counted from 1."],
          ["columns.spacing", "Columns from one current to the next", "For tables with several electrodes."],
          ["columns.time", "Column of the times", "Counted from 1."],
          ["columns.forward", "Column of the first forward current", "Together with the reverse current."],
          ["columns.reverse", "Column of the first reverse current", "Without a column of the current, forward minus reverse."],
        ] as const
      ).map(([key, label, explain]) =>
        field(key, label, explain, optionalWhole, { allowed: "from 1 to 1000", accepts: between(1, 1000) }),
      ),
      field(
        "columns.potential_unit",
        "Unit of the potential",
        "",
        optionalChoice(["V", "V"], ["mV", "mV"], ["uV", "µV"], ["nV", "nV"]),
      ),
      field(
        "columns.current_unit",
        "Unit of the current",
        "",
        optionalChoice(["A", "A"], ["mA", "mA"], ["uA", "µA"], ["nA", "nA"], ["pA", "pA"]),
      ),
      field(
        "columns.time_unit",
        "Unit of the times",
        "",
        optionalChoice(["s", "s"], ["ms", "ms"], ["us", "µs"], ["min", "min"], ["h", "h"]),
      ),
      field(
        "columns.delimiter",
        "Separator",
        "",
        optionalChoice(["space", "Blanks"], ["tab", "Tab"], ["comma", "Comma"], ["semicolon", "Semicolon"]),
      ),
      field("columns.decimal", "Decimal mark", "", optionalChoice(["point", "Point (0.5)"], ["comma", "Comma (0,5)"])),
    ],
  },
  {
    title: "Cyclic voltammetry",
    fields: [
      field("cv.method", "Method", "", choice(["tangent", "Tangent"], ["sacmes-web", "SACMES_Web"]), { counts: cv }),
      field("cv.scan_rate_v_s", "Scan rate", "0 = from the file.", number, {
        unit: "V/s",
        allowed: "0 or above",
        accepts: (value) => value >= 0,
        counts: cv,
      }),
      field(
        "cv.mass_transport",
        "Redox couple",
        "",
        choice(["surface", "Bound to the electrode"], ["solution", "In solution"]),
        { counts: cv },
      ),
      field("cv.forward_segment", "Forward segment", "0 = automatic.", wholeNumber, { counts: cv }),
      field("cv.reverse_segment", "Reverse segment", "0 = automatic.", wholeNumber, { counts: cv }),
      field("cv.range_v", "Potential window", "Empty = the whole sweep.", { kind: "range" }, { unit: "V", counts: cv }),
      field("cv.probes_v", "Probes", "Potentials at which currents are read.", { kind: "numbers", whole: false }, {
        unit: "V",
        counts: cv,
      }),
      field(
        "cv.convention",
        "Anodic current",
        "Which sign it has in the files.",
        choice(["auto", "Automatic"], ["iupac", "Positive (IUPAC)"], ["us", "Negative (US)"]),
        { counts: cv },
      ),
      field("cv.electrons", "Electrons", "Transferred per molecule.", wholeNumber, {
        allowed: "from 1 to 100",
        accepts: between(1, 100),
        counts: cv,
      }),
      field("cv.area_m2", "Area of the electrode", "0 = not known; then there is no surface coverage.", number, {
        unit: "m²",
        allowed: "0 (not known) or above",
        accepts: (value) => value >= 0,
        counts: cv,
      }),
    ],
  },
  {
    title: "Chronoamperometry",
    fields: [
      field("ca.model", "Model", "", choice(["mono", "One exponential"], ["bi", "Two exponentials"]), { counts: ca }),
      field("ca.fit_range_s", "Fitted time", "After the step; empty = all of it.", { kind: "range" }, { unit: "s", counts: ca }),
      field("ca.step", "Step", "Which step of a file; 0 = all.", wholeNumber, {
        allowed: "from 0 to 1000",
        accepts: between(0, 1000),
        counts: ca,
      }),
      field("ca.merge_repeats", "Repeats of a step as one", "", { kind: "switch" }, { counts: ca }),
      field("ca.cottrell", "Look for a Cottrell region", "", { kind: "switch" }, { counts: ca }),
      field("ca.cottrell_range_s", "Cottrell region", "After the step; empty = found.", { kind: "range" }, { unit: "s", counts: ca }),
      field("ca.electrons", "Electrons", "Transferred per molecule.", wholeNumber, {
        allowed: "from 1 to 100",
        accepts: between(1, 100),
        counts: ca,
      }),
      field("ca.area_m2", "Area of the electrode", "0 = not known; then there is no diffusion coefficient.", number, {
        unit: "m²",
        allowed: "0 (not known) or above",
        accepts: (value) => value >= 0,
        counts: ca,
      }),
      field("ca.concentration_mol_m3", "Concentration", "0 = not known; then there is no diffusion coefficient.", number, {
        unit: "mol/m³",
        allowed: "0 (not known) or above",
        accepts: (value) => value >= 0,
        counts: ca,
      }),
    ],
  },
];

/** The value of a setting by its key. */
export function valueOf(settings: Settings, key: string): Value {
  const [section = "", name = ""] = key.split(".");
  const values = (settings as unknown as Record<string, Record<string, Value | undefined>>)[section];
  return values?.[name] ?? null;
}

/** Changes a setting in place. */
export function setValue(settings: Settings, key: string, value: Value): void {
  const [section = "", name = ""] = key.split(".");
  const values = (settings as unknown as Record<string, Record<string, Value>>)[section];
  if (values) values[name] = value;
}
