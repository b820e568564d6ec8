import type { WeekCount } from "../../protocol/WeekCount";

/** The last weeks up to today, also those without a note, oldest first. */
export function lastWeeks(counted: readonly WeekCount[], today: Date, count: number): WeekCount[] {
  const known = new Map(counted.map(({ monday, notes }) => [monday, notes]));
  // Noon, which no change of the clock moves to another day.
  const monday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - ((today.getDay() + 6) % 7), 12);
  return Array.from({ length: count }, (_, k) => {
    const at = new Date(monday.getFullYear(), monday.getMonth(), monday.getDate() - 7 * (count - 1 - k), 12);
    const text = [at.getFullYear(), String(at.getMonth() + 1).padStart(2, "0"), String(at.getDate()).padStart(2, "0")].join("-");
    return { monday: text, notes: known.get(text) ?? 0 };
  });
}
