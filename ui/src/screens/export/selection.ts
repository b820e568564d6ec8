import type { Selection } from "../../protocol/Selection";

/** What was picked, as a selection, or what is wrong with it. */
export function readSelection(
  electrodes: readonly number[],
  frequencies_hz: readonly number[],
  first: string,
  last: string,
): { value: Selection } | { error: string } {
  const [first_index, last_index] = [readIndex(first), readIndex(last)];
  if (first_index === null || last_index === null) return { error: "An index is a whole number from 1." };
  if (last_index > 0 && last_index < first_index) return { error: "The last index is below the first." };
  return { value: { electrodes: [...electrodes], frequencies_hz: [...frequencies_hz], first_index, last_index } };
}

/** Empty = 0, which stands for no limit. */
function readIndex(text: string): number | null {
  const plain = text.trim();
  if (plain === "") return 0;
  return /^\d{1,9}$/.test(plain) && Number(plain) >= 1 ? Number(plain) : null;
}
