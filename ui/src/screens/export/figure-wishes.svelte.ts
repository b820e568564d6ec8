import type { SessionId } from "../../protocol/SessionId";
import type { FigureWish } from "./figures";

/** A figure that a plot's menu asks for; the session's header opens the export for it. */
class FigureWishes {
  wish: { session: SessionId; figure: FigureWish } | null = $state.raw(null);
}

export const figureWishes = new FigureWishes();
