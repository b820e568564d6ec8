/** A pasted text, taken apart into notes. Nothing of it is lost but blank lines and the marks that it was taken apart at. */

/** Where a text is taken apart. */
export type SplitAt = "headings" | "topics" | "bullets" | "blank_lines" | "nothing";

/** A part that becomes a note. */
export interface Part {
  text: string;
  topics: string[];
}

export const SPLIT_WORDS: Record<SplitAt, string> = {
  headings: "At headings; a heading becomes the topic",
  topics: "At topics, as in “Buffer: changed at noon”",
  bullets: "At bullets and numbers",
  blank_lines: "At blank lines",
  nothing: "Not at all",
};

/** As the engine has it. */
export const LONGEST_TOPIC = 60;

const HEADING = /^ {0,3}#{1,6}\s+(.+?)\s*#*$/;
const UNDERLINE = /^ {0,3}(={3,}|-{3,})\s*$/;
const TOPIC = /^\s*(?:[-*•]\s+)?(\p{L}[\p{L}\p{N} _/()-]{0,59}):\s+(\S.*)$/u;
const BULLET = /^(\s*)(?:[-*•–+]|\d{1,3}[.)])\s+(\S.*)$/;

/** The parts of a text, in its order. */
export function split(text: string, at: SplitAt): Part[] {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const parts = { headings: atHeadings, topics: atTopics, bullets: atBullets, blank_lines: atBlankLines, nothing: whole }[at](lines);
  return parts.map(({ text: own, topics }) => ({ text: trimmed(own), topics })).filter((part) => part.text !== "");
}

/** Where a text is best taken apart: at the strongest marks that it has. */
export function guess(text: string): SplitAt {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  if (lines.some((line, k) => headingAt(lines, k) !== null && line.trim() !== "")) return "headings";
  const count = (mark: RegExp): number => lines.filter((line) => mark.test(line)).length;
  const filled = lines.filter((line) => line.trim() !== "").length;
  // Prose has a colon now and then; a list of topics has one in most lines.
  if (count(TOPIC) >= 2 && count(TOPIC) * 2 >= filled) return "topics";
  if (count(BULLET) >= 2) return "bullets";
  return split(text, "blank_lines").length > 1 ? "blank_lines" : "nothing";
}

/** A heading at a line: its text, and how many lines it takes. */
function headingAt(lines: readonly string[], k: number): { heading: string; takes: number } | null {
  const line = lines[k] ?? "";
  const marked = HEADING.exec(line)?.[1];
  if (marked !== undefined) return { heading: marked, takes: 1 };
  const isUnderlined = UNDERLINE.test(lines[k + 1] ?? "") && line.trim() !== "" && !UNDERLINE.test(line) && (lines[k - 1] ?? "").trim() === "";
  return isUnderlined ? { heading: line.trim(), takes: 2 } : null;
}

function atHeadings(lines: readonly string[]): Part[] {
  const parts: (Part & { heading: string })[] = [{ text: "", topics: [], heading: "" }];
  for (let k = 0; k < lines.length; k += 1) {
    const found = headingAt(lines, k);
    if (found) {
      parts.push({ text: "", topics: [], heading: found.heading });
      k += found.takes - 1;
    } else {
      const part = parts.at(-1);
      if (part) part.text += `${lines[k] ?? ""}\n`;
    }
  }
  return parts.map(({ text, heading }) => {
    if (heading === "") return { text, topics: [] };
    // A heading that is no topic, or stands alone, stays in the text.
    if (trimmed(text) === "") return { text: heading, topics: [] };
    return isTopic(heading) ? { text, topics: [heading] } : { text: `${heading}\n${text}`, topics: [] };
  });
}

function atTopics(lines: readonly string[]): Part[] {
  const parts: Part[] = [{ text: "", topics: [] }];
  for (const line of lines) {
    const found = TOPIC.exec(line);
    if (found) parts.push({ text: `${found[2] ?? ""}\n`, topics: [(found[1] ?? "").trim()] });
    else last(parts).text += `${line}\n`;
  }
  return parts;
}

function atBullets(lines: readonly string[]): Part[] {
  const indents = lines.flatMap((line) => BULLET.exec(line)?.[1]?.length ?? []);
  const outermost = Math.min(...indents);
  const parts: Part[] = [{ text: "", topics: [] }];
  for (const line of lines) {
    const found = BULLET.exec(line);
    if (found && found[1]?.length === outermost) parts.push({ text: `${found[2] ?? ""}\n`, topics: [] });
    else last(parts).text += `${line}\n`;
  }
  return parts;
}

function atBlankLines(lines: readonly string[]): Part[] {
  const parts: Part[] = [{ text: "", topics: [] }];
  for (const line of lines) {
    if (line.trim() === "") parts.push({ text: "", topics: [] });
    else last(parts).text += `${line}\n`;
  }
  return parts;
}

function whole(lines: readonly string[]): Part[] {
  return [{ text: lines.join("\n"), topics: [] }];
}

function last(parts: Part[]): Part {
  return parts.at(-1) ?? { text: "", topics: [] };
}

function isTopic(text: string): boolean {
  return [...text].length <= LONGEST_TOPIC && !text.includes(",");
}

/** Without blank lines around it; the indent of the first line stays. */
function trimmed(text: string): string {
  return text.trimEnd().replace(/^(?:[^\S\n]*\n)+/, "");
}
