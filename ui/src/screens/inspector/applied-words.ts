import type { SessionView } from "../../session/session-view.svelte";
import type { Told } from "../../session/operations.svelte";

/** How the end of a change of settings is told to those who look elsewhere. */
export function appliedWords(view: SessionView, revision: number): Told {
  const name = view.summary?.name ?? "";
  return {
    done: `“${name}” was measured anew with settings revision ${revision}.`,
    cancelled: `Measuring “${name}” with settings revision ${revision} was ended before all of it was done.`,
  };
}
