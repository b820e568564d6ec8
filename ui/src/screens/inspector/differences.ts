import type { Settings } from "../../protocol/Settings";
import type { SettingField, Value } from "../../settings/field";
import { defaultSettings } from "../../settings/defaults";
import { SETTING_GROUPS, valueOf } from "../../settings/fields";
import { textOf } from "../../settings/reading";
import { calibrationChanged } from "./calibration-differences";

/** A setting that is not what it was, in words. */
export interface Changed {
  name: string;
  from: string;
  to: string;
}

function changed(before: Settings, after: Settings): Changed[] {
  const found: Changed[] = [];
  for (const { title, fields } of SETTING_GROUPS) {
    for (const field of fields) {
      const [from, to] = [valueOf(before, field.key), valueOf(after, field.key)];
      if (JSON.stringify(from) === JSON.stringify(to)) continue;
      found.push({ name: `${title} / ${field.label}`, from: shown(field, from), to: shown(field, to) });
    }
  }
  return [...found, ...calibrationChanged(before.calibration, after.calibration)];
}

/** What changed from one revision to the next, a line for each setting. */
export function differences(before: Settings, after: Settings): string[] {
  return changed(before, after).map(({ name, from, to }) => `${name}: ${from} → ${to}`);
}

/** What is not as it is by default, a line for each setting. */
export function ownSettings(settings: Settings): string[] {
  return changed({ ...defaultSettings(), technique: settings.technique }, settings).map(({ name, to }) => `${name}: ${to}`);
}

function shown(field: SettingField, value: Value): string {
  const { control } = field;
  if (control.kind === "choice" || control.kind === "optional_choice") {
    return control.options.find((option) => option.value === value)?.label ?? "automatic";
  }
  if (control.kind === "switch") return value === true ? "yes" : "no";
  if (control.kind === "range" && Array.isArray(value) && value.length === 2) {
    return `${value[0]} to ${value[1]} ${field.unit}`.trimEnd();
  }
  const text = textOf(value);
  if (text === "") return "automatic";
  return field.unit ? `${text} ${field.unit}` : text;
}
