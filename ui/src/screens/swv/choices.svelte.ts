import { QUANTITIES, type Display, type TrendQuantity } from "./trend-panels";

const KEY = "sacmes.swv";

/** What the trends show, in the viewer's own way; remembered on this computer. */
class Choices {
  display: Display = $state("overlaid");
  /** Plots that are put away. */
  hidden: readonly TrendQuantity[] = $state.raw(["ratio"]);
  /** Null: as the session's settings say. */
  along: "index" | "time" | null = $state(null);

  constructor() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, unknown>;
      if (kept.display === "separate" || kept.display === "mean") this.display = kept.display;
      if (Array.isArray(kept.hidden)) this.hidden = QUANTITIES.filter((quantity) => (kept.hidden as unknown[]).includes(quantity));
      if (kept.along === "index" || kept.along === "time") this.along = kept.along;
    } catch {
      // Nothing readable is kept: the defaults stand.
    }
  }

  set(change: Partial<Pick<Choices, "display" | "hidden" | "along">>): void {
    Object.assign(this, change);
    const { display, hidden, along } = this;
    try {
      localStorage.setItem(KEY, JSON.stringify({ display, hidden, along }));
    } catch {
      // Without storage the choice lasts as long as the window.
    }
  }
}

export const choices = new Choices();

/** Why a quantity cannot be plotted; null where it can. */
export function missing(
  quantity: TrendQuantity,
  isNormalised: boolean,
  frequencies: number,
  isCalibrated = false,
  hasDrift = false,
): string | null {
  if (quantity === "corrected" && !hasDrift) return "Drift correction is off: choose one in the settings, under Drift and outliers.";
  if (quantity === "concentration" && !isCalibrated) return "There is no calibration: choose one in the inspector.";
  if (quantity === "normalised" && !isNormalised) return "Normalisation is off in the settings.";
  if ((quantity === "ratio" || quantity === "kdm") && frequencies < 2) return "This needs two frequencies.";
  return null;
}

/** The quantities to plot: those that are not put away and can be computed. */
export function quantitiesOf(
  hidden: readonly TrendQuantity[],
  isNormalised: boolean,
  frequencies: number,
  isCalibrated = false,
  hasDrift = false,
): TrendQuantity[] {
  const isShown = (quantity: TrendQuantity) => missing(quantity, isNormalised, frequencies, isCalibrated, hasDrift) === null;
  return QUANTITIES.filter((quantity) => !hidden.includes(quantity) && isShown(quantity));
}
