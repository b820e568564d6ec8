import { expect, test } from "vitest";

import type { AgentStatus } from "../protocol/AgentStatus";
import { StatusEvents } from "./status-events";

const status = (notes: number): AgentStatus => ({
  head: 1, tick_ms: 0, at: "2026-11-30T08:00:00Z", viewers: 1, trouble: null, deleted: [], notes,
});
const told = (events: StatusEvents, notes: number): number[] =>
  events.take(status(notes)).flatMap((event) => (event.event === "notes_changed" ? [event.version] : []));

test("that notes changed is told once for each number, also for what came before the first status or without a connection", () => {
  const events = new StatusEvents();
  expect(told(events, 3)).toEqual([3]);
  expect(told(events, 3)).toEqual([]);
  expect(told(events, 9)).toEqual([9]);
  // Another store.
  expect(told(events, 1)).toEqual([1]);
});

test("an agent that knows no notes tells of none", () => {
  const events = new StatusEvents();
  const { notes: _, ...old } = status(0);
  expect(events.take(old as AgentStatus).map(({ event }) => event)).toEqual(["viewers"]);
});
