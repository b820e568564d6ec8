import type { MenuEntry } from "../../plot/PlotMenu.svelte";
import type { SessionId } from "../../protocol/SessionId";
import type { FigureWish } from "./figures";

/** A figure that a plot's menu asks for; the session's header opens the export for it. */
class FigureWishes {
  wish: { session: SessionId; figure: FigureWish } | null = $state.raw(null);
}

export const figureWishes = new FigureWishes();

/** The entry of a plot's menu for a figure of what it shows. `reason`: why there can be none now; null where there can. */
export function figureEntry(session: SessionId, figure: () => FigureWish, reason: string | null): MenuEntry {
  return {
    label: "Save figure…",
    disabledReason: reason ?? undefined,
    run: () => {
      figureWishes.wish = { session, figure: figure() };
    },
  };
}
