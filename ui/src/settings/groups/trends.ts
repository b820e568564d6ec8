/** Settings of trends: their axis, what they are divided by, the two frequencies, drift and outliers. None of them measures anything anew. */

import type { Settings } from "../../protocol/Settings";
import { between, choice, field, isDecay, isSquareWave, number, wholeNumber, type SettingGroup } from "../field";

const isSeries = (settings: Settings): boolean => !isDecay(settings);
const isNormalised = (settings: Settings): boolean => isSeries(settings) && settings.trend.normalize_to >= 0;
const isOverRange = (settings: Settings): boolean => isNormalised(settings) && settings.trend.normalization !== "point";
const hasDrift = (settings: Settings): boolean => isSeries(settings) && settings.trend.drift !== "off";
const hasOutliers = (settings: Settings): boolean => isSeries(settings) && settings.trend.outliers;

const frequency = {
  unit: "Hz",
  allowed: "0 (automatic) or above",
  accepts: (value: number) => value >= 0,
  counts: isSquareWave,
};
const files = { allowed: "an index", accepts: (value: number) => value >= 0 };
const SHAPES = [
  ["linear", "Line"],
  ["exponential", "Exponential"],
  ["both", "Exponential and line"],
] as const;

export const TRENDS: SettingGroup = {
  title: "Trends",
  fields: [
    field("trend.x", "Horizontal axis", "", choice(["index", "File index"], ["time", "Time"])),
    field(
      "trend.times",
      "Times",
      "One source for the whole series. Automatic: the files, where every one states its time, else when they were modified.",
      choice(["auto", "Automatic"], ["file", "As files state"], ["modified", "Modification"], ["interval", "Sampling interval"]),
      { counts: isSeries },
    ),
    field("trend.sampling_interval_s", "Sampling interval", "From one index to the next, where files carry no time.", number, {
      unit: "s",
      allowed: "above 0",
      accepts: (value) => value > 0,
    }),
    field("trend.normalize_to", "Normalise to index", "Every trend is divided by the measurement at this index; -1 = off.", wholeNumber, {
      allowed: "-1 (off) or an index",
      accepts: (value) => value >= -1,
      counts: isSeries,
    }),
    field(
      "trend.normalization",
      "Divided by",
      "One measurement, the mean of several, or a baseline fitted to several, each value by the baseline at its own place.",
      choice(["point", "One index"], ["mean", "Mean of a range"], ["baseline", "Fitted baseline"]),
      { counts: isNormalised },
    ),
    field("trend.normalize_range", "Range of the reference", "The first and the last index.", { kind: "range", whole: true }, {
      ...files,
      counts: isOverRange,
      needs: (settings) => (isOverRange(settings) ? "Give the first and the last index of the reference." : ""),
    }),
    field("trend.normalize_baseline", "Shape of the baseline", "", choice(...SHAPES), {
      counts: (settings) => isNormalised(settings) && settings.trend.normalization === "baseline",
    }),
    field(
      "trend.kdm",
      "KDM",
      "Kinetic differential measurement in %: normalised high minus low frequency, plus 1 or over the average of both.",
      choice(["difference", "Difference + 1"], ["difference_over_average", "Difference / average"]),
      { counts: isSquareWave },
    ),
    field("trend.high_frequency_hz", "High frequency", "0 = the highest.", number, frequency),
    field("trend.low_frequency_hz", "Low frequency", "0 = the lowest.", number, frequency),
    field("trend.low_offset", "Offset of the low frequency", "Added to the normalised low frequency.", number, { counts: isSquareWave }),
    field("trend.low_slope", "Slope of the low frequency", "Times the index, added to the normalised low frequency.", number, {
      unit: "per index",
      counts: isSquareWave,
    }),
    field("trend.peak", "Which peak", "Which of two fitted peaks, counted from the lower potential.", wholeNumber, {
      allowed: "1 or 2",
      accepts: between(1, 2),
      counts: (settings) => isSquareWave(settings) && settings.peak.method === "gaussian",
    }),
    field("trend.replicates", "Replicates in a group", "Neighbouring indices averaged with their error; 1 = none.", wholeNumber, {
      allowed: "from 1 to 1000",
      accepts: between(1, 1000),
      counts: isSeries,
    }),
  ],
};

export const DRIFT: SettingGroup = {
  title: "Drift and outliers",
  fields: [
    field(
      "trend.drift",
      "Drift correction",
      "A course fitted to an undisturbed stretch is taken out of the whole series, as a plot of its own.",
      choice(["off", "Off"], ...SHAPES),
      { counts: isSeries },
    ),
    field("trend.drift_range", "Undisturbed stretch", "The first and the last index, before anything was added.", { kind: "range", whole: true }, {
      ...files,
      counts: hasDrift,
      needs: (settings) => (hasDrift(settings) ? "Give the first and the last index of the undisturbed stretch." : ""),
    }),
    field(
      "trend.drift_mode",
      "Taken out by",
      "Automatic subtracts from KDM and divides everything else.",
      choice(["auto", "Automatic"], ["divide", "Division"], ["subtract", "Subtraction"]),
      { counts: hasDrift },
    ),
    field(
      "trend.response",
      "Of which number",
      "What is corrected, calibrated and checked for outliers. Automatic: KDM where there are two frequencies, else the normalised value.",
      choice(
        ["auto", "Automatic"],
        ["kdm", "KDM"],
        ["ratio", "Ratio"],
        ["normalized_low", "Normalised, low"],
        ["normalized_high", "Normalised, high"],
      ),
      { counts: isSquareWave },
    ),
    field("trend.outliers", "Flag numbers that stand out", "", { kind: "switch" }, { counts: isSeries }),
    field("trend.outlier_window", "Numbers compared", "Of the same electrode, around each number.", wholeNumber, {
      allowed: "from 5 to 1001",
      accepts: between(5, 1001),
      counts: hasOutliers,
    }),
    field("trend.outlier_threshold", "Stands out from", "Times the scaled median absolute deviation of those around it.", number, {
      allowed: "above 0 and at most 100",
      accepts: (value) => value > 0 && value <= 100,
      counts: hasOutliers,
    }),
  ],
};
