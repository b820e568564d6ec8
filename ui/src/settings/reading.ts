import type { Settings } from "../protocol/Settings";
import type { SettingField, Value } from "./field";

/** What was typed, read: a value, or what is wrong with it. */
export type Reading = { value: Value } | { error: string };

/** A number as people type it: a decimal comma and a real minus sign are understood. */
export function readNumber(text: string): number | null {
  const plain = text.trim().replace("\u2212", "-").replace(/^([^.,]*),([^.,]*)$/, "$1.$2");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/** The text that a value is edited as; a range has two. */
export function textOf(value: Value): string {
  if (value === null) return "";
  if (Array.isArray(value)) return value.join(", ");
  return String(value);
}

/** Reads the text of one field. `settings` are the others, for limits that depend on them. */
export function readField(field: SettingField, text: string, settings: Settings): Reading {
  const { control } = field;
  switch (control.kind) {
    case "text":
    case "choice":
      return { value: text.trim() };
    case "optional_choice":
      return { value: text === "" ? null : text };
    case "switch":
      return { value: text === "true" };
    case "number":
      if (text.trim() === "" && control.optional) return { value: null };
      return readOne(field, text, control.whole, settings);
    case "numbers":
      return readMany(field, text, control.whole, settings);
    case "range":
      return readRange(field, text, control.whole ?? false, settings);
  }
}

function readOne(field: SettingField, text: string, whole: boolean, settings: Settings): Reading {
  const value = readNumber(text);
  if (value === null) return { error: text.trim() === "" ? `Must be ${field.allowed}.` : `“${text.trim()}” is not a number.` };
  if (whole && !Number.isInteger(value)) return { error: "Must be a whole number." };
  if (!field.accepts(value, settings)) return { error: `Must be ${field.allowed}.` };
  return { value };
}

function readMany(field: SettingField, text: string, whole: boolean, settings: Settings): Reading {
  const values: number[] = [];
  for (const part of text.split(/[\s,;]+/).filter(Boolean)) {
    const reading = readOne(field, part, whole, settings);
    if ("error" in reading) return { error: `${part}: ${reading.error}` };
    values.push(reading.value as number);
  }
  return { value: values };
}

/** A range is edited as two texts with a line break between them. */
function readRange(field: SettingField, text: string, whole: boolean, settings: Settings): Reading {
  const [from = "", to = ""] = text.split("\n");
  if (from.trim() === "" && to.trim() === "") return { value: [] };
  const [low, high] = [readNumber(from), readNumber(to)];
  if (low === null || high === null) return { error: "Give both ends, or neither." };
  if (!whole) return low < high ? { value: [low, high] } : { error: `The first end must be below the second${field.unit ? `, in ${field.unit}` : ""}.` };
  if (!Number.isInteger(low) || !Number.isInteger(high)) return { error: "Both must be whole numbers." };
  if (!field.accepts(low, settings)) return { error: `Must be ${field.allowed}.` };
  return low <= high ? { value: [low, high] } : { error: "The first must not be after the last." };
}

/** As `textOf`, in the form that `readField` expects for the field. */
export function fieldText(field: SettingField, value: Value): string {
  if (field.control.kind === "range" && Array.isArray(value)) return value.length === 2 ? value.join("\n") : "\n";
  return textOf(value);
}
