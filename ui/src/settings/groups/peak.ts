/** Settings of the peak search in square-wave sweeps, and of the filters before it. */

import type { PeakMethod } from "../../protocol/PeakMethod";
import type { Settings } from "../../protocol/Settings";
import { between, choice, dragged, field, isSquareWave, isVoltammogram, wholeNumber, type SettingGroup } from "../field";

const isBy =
  (...methods: readonly PeakMethod[]) =>
  (settings: Settings): boolean =>
    isSquareWave(settings) && methods.includes(settings.peak.method);

const isOriginal = isBy("sacmes");
const hasFilters = (settings: Settings): boolean => isSquareWave(settings) || isVoltammogram(settings);
const hasWindow = (settings: Settings): boolean =>
  hasFilters(settings) && settings.smoothing.savgol === "manual" && !isOriginal(settings);
const hasHampelWindow = (settings: Settings): boolean => hasFilters(settings) && settings.smoothing.hampel === "manual";

const window = { unit: "points", allowed: "from 3 to 1001", accepts: between(3, 1001) };
const FILTER_MODES = [
  ["off", "Off"],
  ["auto", "Automatic"],
  ["manual", "Manual"],
] as const;

export const PEAK: SettingGroup = {
  title: "Peak",
  fields: [
    field(
      "peak.method",
      "Method",
      "Tangent: a chord that touches the sweep on both sides of the peak. Polynomial and arPLS: for backgrounds that bend under it. Gaussian: for overlapping peaks. SACMES_Web and SACMES: the numbers of the earlier programs.",
      choice(
        ["tangent", "Tangent"],
        ["polynomial", "Polynomial"],
        ["arpls", "arPLS"],
        ["gaussian", "Gaussian"],
        ["sacmes-web", "SACMES_Web"],
        ["sacmes", "SACMES"],
      ),
      { counts: isSquareWave },
    ),
    field("peak.quantity", "Quantity", "What stands for the peak in trends.", choice(["height", "Height"], ["area", "Area"]), {
      counts: isSquareWave,
    }),
    field(
      "peak.polarity",
      "Direction",
      "Automatic takes the side with the larger peak above its own baseline.",
      choice(["auto", "Automatic"], ["up", "Upwards"], ["down", "Downwards"]),
      { counts: (settings) => (isSquareWave(settings) || isVoltammogram(settings)) && !isOriginal(settings) },
    ),
    field("peak.range_v", "Potential window", "Where the peak is looked for; empty = the whole sweep.", { kind: "range" }, {
      unit: "V",
      counts: isSquareWave,
    }),
    field("peak.trim_points", "Points dropped at each end", "Keeps transients at the start and end out.", dragged("Trim by dragging", 0, 60), {
      unit: "points",
      allowed: "from 0 to 10000",
      accepts: between(0, 10_000),
      counts: isSquareWave,
    }),
    // SACMES_Web measures heights from a tangent; only its area stands on a polynomial.
    field(
      "peak.polynomial_degree",
      "Degree of the baseline",
      "SACMES_Web: under the area. SACMES: of the fit to the whole sweep. Polynomial takes 1 to 8 and Gaussian 1 or 2 as given; above that, the data choose.",
      dragged("Bend by dragging", 1, 20),
      {
        allowed: "from 1 to 30",
        accepts: between(1, 30),
        counts: (settings) =>
          isBy("polynomial", "gaussian", "sacmes")(settings) || (isBy("sacmes-web")(settings) && settings.peak.quantity === "area"),
      },
    ),
    field("peak.peaks", "Peaks", "How many are fitted; 0 = two where the sweep demands it.", wholeNumber, {
      allowed: "0 (automatic), 1 or 2",
      accepts: between(0, 2),
      counts: isBy("gaussian"),
    }),
  ],
};

export const SMOOTHING: SettingGroup = {
  title: "Smoothing",
  fields: [
    field("smoothing.savgol", "Savitzky-Golay filter", "Smooths before the peak search.", choice(...FILTER_MODES), { counts: hasFilters }),
    field("smoothing.savgol_window", "Window", "An even number is made odd.", dragged("Smooth by dragging", 3, 61, 2), {
      ...window,
      counts: hasWindow,
    }),
    field("smoothing.savgol_degree", "Degree", "Degree of the polynomial, below the window.", dragged("Stiffness by dragging", 0, 8), {
      allowed: "from 0 to 10",
      accepts: between(0, 10),
      counts: hasWindow,
    }),
    field("smoothing.savgol_window_mv", "Window", "SACMES smooths over a stretch of potential.", dragged("Smooth by dragging", 1, 50, 0.5), {
      unit: "mV",
      allowed: "above 0 and at most 1000",
      accepts: (value) => value > 0 && value <= 1000,
      counts: (settings) => isOriginal(settings) && settings.smoothing.savgol !== "off",
    }),
    field("smoothing.hampel", "Hampel filter", "Replaces single bad points.", choice(...FILTER_MODES), { counts: hasFilters }),
    field("smoothing.hampel_window", "Window", "Points looked at around each point.", dragged("Neighbours by dragging", 3, 41, 2), {
      ...window,
      counts: hasHampelWindow,
    }),
    field("smoothing.hampel_threshold", "Threshold", "Times the scaled median absolute deviation.", dragged("Tolerance by dragging", 0.5, 10, 0.1), {
      allowed: "above 0 and at most 100",
      accepts: (value) => value > 0 && value <= 100,
      counts: hasHampelWindow,
    }),
  ],
};
