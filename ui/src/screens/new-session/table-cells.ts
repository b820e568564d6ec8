import type { Delimiter } from "../../protocol/Delimiter";

/** What separates cells; the engine's "auto" is found from the lines. */
export type Separator = Exclude<Delimiter, "auto">;

const MARKS: Record<Exclude<Separator, "space">, string> = { tab: "\t", comma: ",", semicolon: ";" };

/** The cells of a line, as the engine separates them. */
export function cellsOf(line: string, delimiter: Separator): string[] {
  if (delimiter === "space") return line.trim().split(/\s+/).filter((cell) => cell !== "");
  return line.split(MARKS[delimiter]).map((cell) => cell.trim());
}

/** The separator that most lines agree on: the one by which most of them have equally many cells, and more than one. */
export function likelyDelimiter(lines: readonly string[]): Separator {
  let best: { delimiter: Separator; score: number } = { delimiter: "space", score: 0 };
  // A decimal comma separates nothing where anything else does, so that the comma comes last.
  for (const delimiter of ["tab", "semicolon", "space", "comma"] as const) {
    const counts = new Map<number, number>();
    for (const line of lines) {
      const cells = cellsOf(line, delimiter).length;
      if (cells > 1) counts.set(cells, (counts.get(cells) ?? 0) + 1);
    }
    const score = Math.max(0, ...counts.values());
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** Whether a cell is a number with this decimal mark. */
export function isNumber(cell: string, isComma: boolean): boolean {
  return (isComma ? /^[+-]?(\d+,?\d*|,\d+)(e[+-]?\d+)?$/iu : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu).test(cell);
}
