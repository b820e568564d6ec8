const KEY = "sacmes.potential_from_right";

function stored(): boolean {
  try {
    return localStorage.getItem(KEY) === "true";
  } catch {
    return false;
  }
}

/** Whether potentials run from right to left (the polarographic convention). Remembered on this computer. */
class PotentialDirection {
  isReversed = $state(stored());

  turn(): void {
    this.isReversed = !this.isReversed;
    try {
      localStorage.setItem(KEY, String(this.isReversed));
    } catch {
      // Without storage the choice lasts as long as the window.
    }
  }
}

export const potentialDirection = new PotentialDirection();
