import type { MapQuantity } from "./curves";

const KEY = "sacmes.frequency_map";
const QUANTITIES: readonly MapQuantity[] = ["current", "charge", "potential"];

/** What the plots of frequency maps show, in the viewer's own way; remembered on this computer. */
class MapChoices {
  quantities: readonly MapQuantity[] = $state.raw(["current", "charge"]);
  hasElectrodes = $state(true);
  hasMean = $state(true);
  isAboveBaseline = $state(false);
  /** Of a comparison. */
  compared: "current" | "charge" = $state("current");

  constructor() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, unknown>;
      const { quantities, hasElectrodes, hasMean, isAboveBaseline, compared } = kept;
      if (Array.isArray(quantities)) this.quantities = QUANTITIES.filter((one) => (quantities as unknown[]).includes(one));
      if (this.quantities.length === 0) this.quantities = ["current"];
      if (typeof hasElectrodes === "boolean") this.hasElectrodes = hasElectrodes;
      if (typeof hasMean === "boolean") this.hasMean = hasMean;
      if (!this.hasElectrodes && !this.hasMean) this.hasMean = true;
      if (typeof isAboveBaseline === "boolean") this.isAboveBaseline = isAboveBaseline;
      if (compared === "charge") this.compared = compared;
    } catch {
      // Nothing readable is kept: the defaults stand.
    }
  }

  set(change: Partial<Pick<MapChoices, "quantities" | "hasElectrodes" | "hasMean" | "isAboveBaseline" | "compared">>): void {
    Object.assign(this, change);
    const { quantities, hasElectrodes, hasMean, isAboveBaseline, compared } = this;
    try {
      localStorage.setItem(KEY, JSON.stringify({ quantities, hasElectrodes, hasMean, isAboveBaseline, compared }));
    } catch {
      // Without storage the choice lasts as long as the window.
    }
  }

  /** Shows a quantity or puts it away; one stays. */
  toggle(quantity: MapQuantity): void {
    const next = QUANTITIES.filter((one) => (one === quantity) !== this.quantities.includes(one));
    if (next.length > 0) this.set({ quantities: next });
  }
}

export const mapChoices = new MapChoices();
