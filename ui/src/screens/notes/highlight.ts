import type { TextRange } from "../../protocol/TextRange";

/** A stretch of a text that was looked for, or not. */
export interface Stretch {
  text: string;
  isFound: boolean;
}

/** A text in the stretches that ranges, counted in characters, cut it into. Ranges that do not fit are left out. */
export function stretches(text: string, ranges: readonly TextRange[]): Stretch[] {
  if (ranges.length === 0) return [{ text, isFound: false }];
  const characters = [...text];
  const cut: Stretch[] = [];
  let at = 0;
  for (const { from, to } of ranges) {
    if (from < at || to <= from || to > characters.length) continue;
    if (from > at) cut.push({ text: characters.slice(at, from).join(""), isFound: false });
    cut.push({ text: characters.slice(from, to).join(""), isFound: true });
    at = to;
  }
  if (at < characters.length) cut.push({ text: characters.slice(at).join(""), isFound: false });
  return cut;
}
