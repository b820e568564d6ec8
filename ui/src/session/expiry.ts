import type { SessionSummary } from "../protocol/SessionSummary";

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** What can be chosen for how long a temporary session stays after its end; 0 = for good. */
export const LIFETIMES_S: readonly number[] = [HOUR_S, DAY_S, 7 * DAY_S, 30 * DAY_S, 0];

/** A time in the unit that people would use: "45 min", "23 h", "6 days". */
export function roughly(seconds: number): string {
  if (seconds < 1.5 * MINUTE_S) return "1 min";
  if (seconds < HOUR_S) return `${Math.round(seconds / MINUTE_S)} min`;
  if (seconds <= 2 * DAY_S) return `${Math.floor(seconds / HOUR_S)} h`;
  return `${Math.floor(seconds / DAY_S)} days`;
}

/** A lifetime in words: "1 h", "1 day", "never". */
export function lifetimeWord(seconds: number): string {
  if (seconds === 0) return "never";
  if (seconds % DAY_S === 0) return seconds === DAY_S ? "1 day" : `${seconds / DAY_S} days`;
  return roughly(seconds);
}

/** When a temporary session is deleted: "expires in 23 h"; null for one that is kept. */
export function expiryWords(summary: SessionSummary, now_ms: number): string | null {
  if (summary.expires_after_s === null) return null;
  if (summary.expires_at === null) return `expires ${lifetimeWord(summary.expires_after_s)} after its end`;
  const left_s = (Date.parse(summary.expires_at) - now_ms) / 1000;
  return left_s <= 0 ? "expires now" : `expires in ${roughly(left_s)}`;
}

/** When a session expires that rests since a moment; null where it is kept. */
export function expiresAt(since: string, after_s: number | null): string | null {
  return after_s === null ? null : new Date(Date.parse(since) + after_s * 1000).toISOString();
}
