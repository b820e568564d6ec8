import { look } from "../design/look.svelte";

/** Whether potentials run from right to left (the polarographic convention). */
export const potentialDirection = {
  get isReversed(): boolean {
    return look.now.potential_from_right;
  },

  turn(): void {
    look.choose({ potential_from_right: !look.now.potential_from_right });
  },
};
