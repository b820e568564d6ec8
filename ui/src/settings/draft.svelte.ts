import { SvelteMap } from "svelte/reactivity";

import type { Settings } from "../protocol/Settings";
import { copySettings } from "./defaults";
import type { SettingField, Value } from "./field";
import { SETTING_GROUPS, setValue, valueOf } from "./fields";
import { fieldText, readField } from "./reading";

const FIELDS = SETTING_GROUPS.flatMap(({ fields }) => fields);

/** Settings being edited: texts as typed, read at every key stroke, with what is wrong beside the field. */
export class SettingsDraft {
  #base: Settings = $state.raw() as Settings;
  #texts = new SvelteMap<string, string>();

  readonly #reading = $derived.by(() => this.#read());
  /** Everything typed so far that can be read, over the settings that were there. */
  readonly settings: Settings = $derived(this.#reading.settings);
  readonly errors: ReadonlyMap<string, string> = $derived(this.#reading.errors);
  readonly changedKeys: readonly string[] = $derived(
    FIELDS.filter(({ key }) => !isSame(valueOf(this.settings, key), valueOf(this.#base, key))).map(({ key }) => key),
  );
  readonly isChanged: boolean = $derived(this.#texts.size > 0 && (this.changedKeys.length > 0 || this.errors.size > 0));
  /** The settings to preview or apply; null while nothing changed or something is wrong. */
  readonly valid: Settings | null = $derived(this.changedKeys.length > 0 && this.errors.size === 0 ? this.settings : null);

  constructor(base: Settings) {
    this.#base = base;
  }

  get base(): Settings {
    return this.#base;
  }

  text(field: SettingField): string {
    return this.#texts.get(field.key) ?? fieldText(field, valueOf(this.#base, field.key));
  }

  type(field: SettingField, text: string): void {
    if (text === fieldText(field, valueOf(this.#base, field.key))) this.#texts.delete(field.key);
    else this.#texts.set(field.key, text);
  }

  error(field: SettingField): string {
    return this.errors.get(field.key) ?? "";
  }

  /** Goes on from these settings, and keeps what was typed. */
  rebase(base: Settings): void {
    this.#base = base;
  }

  /** Forgets what was typed, and goes on from these settings. */
  restart(base: Settings): void {
    this.#base = base;
    this.#texts.clear();
  }

  #read(): { settings: Settings; errors: Map<string, string> } {
    const settings = copySettings(this.#base);
    const errors = new Map<string, string>();
    // Twice, because limits may depend on fields further down.
    for (const isFinal of [false, true]) {
      for (const field of FIELDS) {
        const text = this.#texts.get(field.key);
        if (isFinal && isEmpty(valueOf(settings, field.key)) && field.needs(settings) !== "") errors.set(field.key, field.needs(settings));
        if (text === undefined) continue;
        const reading = readField(field, text, settings);
        if ("value" in reading) setValue(settings, field.key, reading.value);
        else if (isFinal && field.counts(settings)) errors.set(field.key, reading.error);
      }
    }
    return { settings, errors };
  }
}

const isEmpty = (value: Value): boolean => Array.isArray(value) && value.length === 0;

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
