import type { Settings } from "../protocol/Settings";
import type { Technique } from "../protocol/Technique";
import { TECHNIQUE_WORDS } from "../words";
import { choice, field, type SettingGroup, type Value } from "./field";
import { COLUMNS, ELECTRODES, FILES } from "./groups/files";
import { PEAK, SMOOTHING } from "./groups/peak";
import { CHRONOAMPEROMETRY, CYCLIC_VOLTAMMETRY } from "./groups/techniques";
import { DRIFT, TRENDS } from "./groups/trends";

/** What the sweeps are measured as; everything else follows from it. */
export const TECHNIQUE: SettingGroup = {
  title: "Technique",
  fields: [
    field("technique", "Measured as", "Choosing another measures every sweep of the session anew in its way.", choice(...Object.entries(TECHNIQUE_WORDS))),
  ],
};

/** Every key of `settings.toml` but those of the calibration, in the groups that the window shows: what is measured first. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  TECHNIQUE,
  CYCLIC_VOLTAMMETRY,
  CHRONOAMPEROMETRY,
  PEAK,
  SMOOTHING,
  TRENDS,
  DRIFT,
  ELECTRODES,
  FILES,
  COLUMNS,
];

/** The groups that are unfolded at first: how the sweeps of each technique are measured. */
export const MEASURING: readonly string[] = [TECHNIQUE, CYCLIC_VOLTAMMETRY, CHRONOAMPEROMETRY, PEAK, SMOOTHING].map(({ title }) => title);

/** The value of a setting by its key. */
export function valueOf(settings: Settings, key: string): Value {
  if (key === "technique") return settings.technique;
  const [section = "", name = ""] = key.split(".");
  const values = (settings as unknown as Record<string, Record<string, Value | undefined>>)[section];
  return values?.[name] ?? null;
}

/** Changes a setting in place. */
export function setValue(settings: Settings, key: string, value: Value): void {
  if (key === "technique") {
    settings.technique = value as Technique;
    return;
  }
  const [section = "", name = ""] = key.split(".");
  const values = (settings as unknown as Record<string, Record<string, Value>>)[section];
  if (values) values[name] = value;
}
