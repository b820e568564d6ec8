import { untrack } from "svelte";

import type { App } from "../../app/app.svelte";
import type { OperationId } from "../../protocol/OperationId";
import type { Settings } from "../../protocol/Settings";
import type { SessionView } from "../../session/session-view.svelte";
import { copySettings } from "../../settings/defaults";
import { appliedWords } from "../inspector/applied-words";

/** Changes of a session's settings that are made in a plot: each is a revision of its own, one after the other. */
export class Revising {
  /** The change that was applied last. */
  applied: { operation: OperationId; revision: number } | null = $state.raw(null);
  readonly progress = $derived.by(() => (this.applied === null ? undefined : this.app.operations.progress.get(this.applied.operation)));
  readonly isRunning = $derived.by(
    () =>
      this.applied !== null &&
      this.view.recomputedRevision < this.applied.revision &&
      (this.progress?.outcome ?? null) === null,
  );
  /** What this window made of the settings, until the record has told it. */
  #made: { revision: number; settings: Settings } | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly app: App,
    private readonly view: SessionView,
  ) {}

  /** Changes the newest settings; false where that was refused, which a notice has told. */
  change(edit: (settings: Settings) => void): Promise<boolean> {
    const done = this.#last.then(() => this.#change(edit));
    this.#last = done;
    return done;
  }

  async #change(edit: (settings: Settings) => void): Promise<boolean> {
    const { view, app } = this;
    const told = untrack(() => ({ revision: view.summary?.revision ?? 0, settings: view.settings }));
    const newest = this.#made && this.#made.revision > told.revision ? this.#made : told;
    if (!newest.settings) return false;
    const settings = copySettings(newest.settings);
    edit(settings);
    if (JSON.stringify(settings) === JSON.stringify(newest.settings)) return true;
    const outcome = await app.notices.attempt(() =>
      view.command({ command: "revise_settings", session: view.id, seen_revision: newest.revision, settings }),
    );
    if (outcome?.outcome !== "revised") return false;
    this.#made = { revision: outcome.revision, settings };
    this.applied = outcome;
    app.operations.started(outcome.operation, appliedWords(view, outcome.revision));
    return true;
  }
}
