/** What unused files hold instead: the engine tells it with its advice, in the word that settings files have. */

import type { FileEntry } from "../../protocol/FileEntry";
import type { Technique } from "../../protocol/Technique";

const ADVICE = / ?Choose technique (swv|cv|ca) for it\./;

/** The techniques that would measure these files, the one of most files first. */
export function heldTechniques(files: readonly Pick<FileEntry, "message">[]): Technique[] {
  const counts = new Map<Technique, number>();
  for (const { message } of files) {
    const technique = ADVICE.exec(message ?? "")?.[1] as Technique | undefined;
    if (technique) counts.set(technique, (counts.get(technique) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([technique]) => technique);
}

/** A reason without the advice, where a button stands for it. */
export function withoutAdvice(text: string): string {
  return text.replace(ADVICE, "");
}
