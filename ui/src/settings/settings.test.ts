import { expect, test } from "vitest";

import type { PeakMethod } from "../protocol/PeakMethod";
import type { Technique } from "../protocol/Technique";
import { differences } from "../screens/inspector/differences";
import { copySettings, defaultSettings } from "./defaults";
import { SettingsDraft } from "./draft.svelte";
import { SETTING_GROUPS, valueOf } from "./fields";
import { fieldText, readField, readNumber } from "./reading";

const FIELDS = SETTING_GROUPS.flatMap(({ fields }) => fields);
const fieldOf = (key: string) => {
  const field = FIELDS.find((known) => known.key === key);
  if (!field) throw new Error(key);
  return field;
};

/** The calibration has a panel of its own. */
const WITHOUT_FIELD = /^calibration\./;

test("every key of settings.toml has one field", () => {
  const keys = Object.entries(defaultSettings()).flatMap(([section, values]) =>
    typeof values === "object" ? Object.keys(values).map((key) => `${section}.${key}`) : [section],
  );
  expect(FIELDS.map(({ key }) => key).sort()).toEqual(keys.filter((key) => !WITHOUT_FIELD.test(key)).sort());
});

test("what has no field survives an edit of what has", () => {
  const base = defaultSettings();
  base.calibration.steps = [{ concentration_m: 1e-6, first_index: 1, last_index: 10 }];
  const draft = new SettingsDraft(base);
  draft.type(fieldOf("trend.normalize_to"), "7");
  expect(draft.valid).toEqual({ ...base, trend: { ...base.trend, normalize_to: 7 } });
});

test("every default is allowed and comes back from its text", () => {
  const settings = defaultSettings();
  for (const field of FIELDS) {
    const value = valueOf(settings, field.key);
    expect(readField(field, fieldText(field, value), settings), field.key).toEqual({ value });
  }
});

test.each([
  ["0.5", 0.5],
  ["0,5", 0.5],
  [" -12 ", -12],
  ["\u22120.3", -0.3],
  ["1e-3", 1e-3],
  [".5", 0.5],
  ["", null],
  ["1,2,3", null],
  ["12 V", null],
  ["Infinity", null],
  ["0x10", null],
])("the number in %j is %s", (text, value) => {
  expect(readNumber(text)).toBe(value);
});

test.each([
  ["peak.range_v", "0.1\n-0.1", "below"],
  ["peak.range_v", "-0.4\n", "both ends"],
  ["peak.trim_points", "2.5", "whole"],
  ["peak.trim_points", "many", "not a number"],
  ["trend.sampling_interval_s", "0", "above 0"],
  ["trend.normalize_to", "-2", "-1 (off)"],
  ["files.frequencies_hz", "15, -3", "-3"],
  ["electrodes.selected", "1 2 x", "x"],
  ["columns.potential", "0", "from 1"],
])("%s = %j is refused with what is allowed", (key, text, why) => {
  expect(readField(fieldOf(key), text, defaultSettings())).toEqual({ error: expect.stringContaining(why) });
});

test("a draft gives settings only while all of it can be read", () => {
  const draft = new SettingsDraft(defaultSettings());
  expect(draft.valid).toBeNull();
  draft.type(fieldOf("peak.range_v"), "-0.45\n-0,1");
  draft.type(fieldOf("peak.trim_points"), "3");
  expect(draft.valid?.peak).toMatchObject({ range_v: [-0.45, -0.1], trim_points: 3 });
  draft.type(fieldOf("peak.trim_points"), "-");
  expect(draft.valid).toBeNull();
  expect(draft.error(fieldOf("peak.trim_points"))).not.toBe("");
  draft.type(fieldOf("peak.trim_points"), "0");
  expect(draft.changedKeys).toEqual(["peak.range_v"]);
});

test("limits follow other fields of the same draft, in whatever order they are typed", () => {
  const draft = new SettingsDraft(defaultSettings());
  draft.type(fieldOf("files.last_index"), "5");
  draft.type(fieldOf("files.first_index"), "9");
  expect(draft.error(fieldOf("files.last_index"))).toContain("first index");
  draft.type(fieldOf("files.first_index"), "2");
  expect(draft.errors.size).toBe(0);
});

test("a wrong value of a filter that is not used is no error", () => {
  const draft = new SettingsDraft(defaultSettings());
  draft.type(fieldOf("smoothing.savgol"), "manual");
  draft.type(fieldOf("smoothing.savgol_window"), "1");
  expect(draft.errors.size).toBe(1);
  draft.type(fieldOf("smoothing.savgol"), "off");
  expect(draft.errors.size).toBe(0);
});

test("the degree of the baseline counts where a method has one, in SACMES_Web only under the area", () => {
  const settings = defaultSettings();
  const degree = fieldOf("peak.polynomial_degree");
  const countsBy = (method: PeakMethod) => {
    settings.peak.method = method;
    return degree.counts(settings);
  };
  expect([countsBy("tangent"), countsBy("arpls"), countsBy("sacmes-web")]).toEqual([false, false, false]);
  expect([countsBy("polynomial"), countsBy("gaussian"), countsBy("sacmes")]).toEqual([true, true, true]);
  settings.peak.quantity = "area";
  expect(countsBy("sacmes-web")).toBe(true);
});

test("the original SACMES smooths over a stretch of potential, in points no more", () => {
  const settings = defaultSettings();
  settings.smoothing.savgol = "manual";
  const [points, millivolts] = [fieldOf("smoothing.savgol_window"), fieldOf("smoothing.savgol_window_mv")];
  expect([points.counts(settings), millivolts.counts(settings)]).toEqual([true, false]);
  settings.peak.method = "sacmes";
  expect([points.counts(settings), millivolts.counts(settings)]).toEqual([false, true]);
});

test("every technique is asked only for what it uses", () => {
  const keysOf = (technique: Technique) => FIELDS.filter((field) => field.counts({ ...defaultSettings(), technique })).map(({ key }) => key);
  expect(keysOf("ca").filter((key) => /^(peak|smoothing|cv)\./.test(key))).toEqual([]);
  expect(keysOf("ca").filter((key) => key.startsWith("trend."))).toEqual(["trend.x", "trend.sampling_interval_s"]);
  expect(keysOf("cv").filter((key) => /^(peak|ca)\.|trend\.kdm/.test(key))).toEqual(["peak.polarity"]);
  expect(keysOf("frequency_map")).toEqual(keysOf("swv"));
});

test("a drift correction asks for its stretch of files before it can be applied", () => {
  const draft = new SettingsDraft(defaultSettings());
  const stretch = fieldOf("trend.drift_range");
  draft.type(fieldOf("trend.drift"), "linear");
  expect(draft.valid).toBeNull();
  expect(draft.error(stretch)).toContain("undisturbed stretch");
  draft.type(stretch, "30\n1");
  expect(draft.error(stretch)).toContain("after the last");
  draft.type(stretch, "1\n30.5");
  expect(draft.error(stretch)).toContain("whole numbers");
  draft.type(stretch, "1\n30");
  expect(draft.valid?.trend).toMatchObject({ drift: "linear", drift_range: [1, 30] });
  draft.type(fieldOf("trend.drift"), "off");
  draft.type(stretch, "\n");
  expect(draft.errors.size).toBe(0);
});

test("a reference over a range asks for it; of one file it may be", () => {
  const draft = new SettingsDraft(defaultSettings());
  draft.type(fieldOf("trend.normalization"), "mean");
  expect(draft.error(fieldOf("trend.normalize_range"))).toContain("reference");
  draft.type(fieldOf("trend.normalize_range"), "4\n4");
  expect(draft.valid?.trend.normalize_range).toEqual([4, 4]);
});

test("what changed between two revisions is told in words and units", () => {
  const before = defaultSettings();
  const after = copySettings(before);
  after.peak.range_v = [-0.4, -0.1];
  after.smoothing.savgol = "off";
  expect(differences(before, after)).toEqual([
    "Peak / Potential window: automatic → -0.4 to -0.1 V",
    "Smoothing / Savitzky-Golay filter: Automatic → Off",
  ]);
});

test("what changed in the technique and in the calibration is told, too", () => {
  const before = defaultSettings();
  const after = copySettings(before);
  after.technique = "cv";
  after.calibration.source = "markers";
  after.calibration.steps = [{ concentration_m: 1e-6, first_index: 1, last_index: 10 }];
  expect(differences(before, after)).toEqual([
    "Technique / Measured as: Square-wave voltammetry → Cyclic voltammetry",
    "Calibration / Where the curve comes from: None → Markers with a concentration",
    "Calibration / Steps: none → 1 µM in files 1 to 10",
  ]);
});

test("another technique is a setting like every other", () => {
  const draft = new SettingsDraft(defaultSettings());
  draft.type(fieldOf("technique"), "ca");
  expect(draft.valid).toEqual({ ...defaultSettings(), technique: "ca" });
});
