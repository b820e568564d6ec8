import { expect, test } from "vitest";

import type { SessionSummary } from "../protocol/SessionSummary";
import { expiresAt, expiryWords, lifetimeWord, roughly } from "./expiry";

const NOW = Date.parse("2026-01-02T12:00:00Z");
const summary = (expires_after_s: number | null, expires_at: string | null): SessionSummary =>
  ({ expires_after_s, expires_at }) as SessionSummary;

test("what is left is told in the unit that people would use", () => {
  expect([20, 100, 3599, 3600, 86_399, 86_400, 3 * 86_400 - 1].map(roughly)).toEqual([
    "1 min", "2 min", "60 min", "1 h", "23 h", "24 h", "2 days",
  ]);
  expect([0, 3600, 86_400, 7 * 86_400].map(lifetimeWord)).toEqual(["never", "1 h", "1 day", "7 days"]);
});

test("a session that is kept has no words, one that goes on is told when it will, and one that ended when", () => {
  expect(expiryWords(summary(null, null), NOW)).toBeNull();
  expect(expiryWords(summary(86_400, null), NOW)).toBe("expires 1 day after its end");
  expect(expiryWords(summary(86_400, "2026-01-03T11:59:00Z"), NOW)).toBe("expires in 23 h");
  expect(expiryWords(summary(60, "2026-01-02T11:59:00Z"), NOW)).toBe("expires now");
});

test("the time counts from the end", () => {
  expect(expiresAt("2026-01-02T12:00:00Z", 3600)).toBe("2026-01-02T13:00:00.000Z");
  expect(expiresAt("2026-01-02T12:00:00Z", null)).toBeNull();
});
