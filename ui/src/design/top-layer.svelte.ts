import { untrack } from "svelte";

/**
 * Modal dialogs that are open, the topmost last. All else on the page is inert and lies under their backdrop meanwhile, so
 * what must be seen and heard at any time has to stand inside the topmost.
 */
class TopLayer {
  #dialogs: readonly HTMLElement[] = $state.raw([]);

  /** The topmost open dialog, or null. */
  get top(): HTMLElement | null {
    return this.#dialogs.at(-1) ?? null;
  }

  /** Says that a dialog is open, until the function that is returned is called. */
  open(dialog: HTMLElement): () => void {
    // A dialog opens once, whatever other dialogs do.
    untrack(() => (this.#dialogs = [...this.#dialogs, dialog]));
    return () => untrack(() => (this.#dialogs = this.#dialogs.filter((known) => known !== dialog)));
  }
}

export const topLayer = new TopLayer();
