/** A loaded machine is slow, and no wait takes longer than it must. */
export const DEADLINE_MS = 60_000;
const LOOK_MS = 50;

/** Waits until a look finds something, which is returned; fails with what was waited for. */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + DEADLINE_MS;
  let found: T = await look();
  while (!found) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${DEADLINE_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    found = await look();
  }
  return found as Exclude<T, false | null | undefined>;
}
