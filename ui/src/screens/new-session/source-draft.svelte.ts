import type { Door } from "../../app/app.svelte";
import type { Platform } from "../../platform/platform";
import type { FolderPreview } from "../../protocol/FolderPreview";
import type { Source } from "../../protocol/Source";
import type { Technique } from "../../protocol/Technique";
import { defaultSettings } from "../../settings/defaults";
import { SettingsDraft } from "../../settings/draft.svelte";
import { baseName, TECHNIQUE_WORDS } from "../../words";
import { drawable, Finder, needsColumns, type SampleFile } from "./finder.svelte";

let made = 0;

/** One session that is being set up: where its files come from, what was found there, and its settings. */
export class SourceDraft {
  readonly key = ++made;
  folder = $state("");
  /** Chosen files of the folder; empty: all of them. */
  files: readonly string[] = $state.raw([]);
  typedName: string | null = $state(null);
  readonly draft = new SettingsDraft(defaultSettings());
  readonly finder: Finder;

  /** Chosen by hand; null: proposed from what the files hold. */
  #chosen: Technique | null = $state(null);
  /** Told apart from another session of the same folder by its technique. */
  readonly #isPart: boolean;

  readonly preview: FolderPreview | null = $derived.by(() => this.finder.preview);
  readonly sample: readonly SampleFile[] = $derived(this.preview ? drawable(this.preview) : []);
  readonly technique: Technique = $derived(this.draft.settings.technique);
  readonly isProposed = $derived.by(() => this.#chosen === null && this.preview?.technique === this.technique);
  readonly isMapping = $derived(
    (this.preview !== null && needsColumns(this.preview)) || this.draft.changedKeys.some((key) => key.startsWith("columns.")),
  );
  readonly name: string = $derived.by(() => this.typedName ?? this.#properName());

  constructor(
    platform: Platform,
    readonly door: Door,
    folder: string,
    files: readonly string[] = [],
    technique: Technique | null = null,
    isPart = false,
  ) {
    this.finder = new Finder(platform);
    this.folder = folder;
    this.files = files;
    this.#isPart = isPart;
    if (technique !== null) this.#measureBy(technique);
  }

  /** Takes the technique that the files propose, unless one was chosen. */
  propose(technique: Technique | null): void {
    if (this.#chosen === null && technique !== null && technique !== this.technique) this.#measureBy(technique);
  }

  choose(technique: Technique): void {
    this.#chosen = technique;
    this.#measureBy(technique);
  }

  get source(): Source {
    const folder = this.folder.trim();
    return this.door === "watch"
      ? { kind: "watched_folder", folder }
      : { kind: "imported_files", folder, files: [...this.files] };
  }

  /** Why it cannot start yet; null when it can. */
  whyNot(verb: string): string | null {
    if (this.folder.trim() === "") return `${verb} a folder first.`;
    if (this.finder.refusal) return this.finder.refusal.message;
    if (this.door === "open" && this.preview?.files === 0) return "There is no file to open in this folder.";
    if (this.draft.errors.size > 0) return "Correct the settings that are marked first.";
    return null;
  }

  #properName(): string {
    const [only] = this.files;
    const place = this.files.length === 1 && only !== undefined ? only : baseName(this.folder.trim());
    return this.#isPart ? `${place}, ${TECHNIQUE_WORDS[this.technique].toLowerCase()}` : place;
  }

  #measureBy(technique: Technique): void {
    this.draft.rebase({ ...this.draft.base, technique });
  }
}
