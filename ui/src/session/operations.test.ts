import { beforeEach, expect, test, vi } from "vitest";

import type { OperationOutcome } from "../protocol/OperationOutcome";
import { EventHub } from "./event-hub";
import { Notices } from "./notices.svelte";
import { Operations } from "./operations.svelte";

const TOLD = { done: "Done.", cancelled: "Cancelled." };
let hub: EventHub;
let notices: Notices;
let operations: Operations;

beforeEach(() => {
  hub = new EventHub();
  notices = new Notices();
  operations = new Operations(hub, notices);
});

function announce(operation: string, outcome: OperationOutcome | null): void {
  hub.hand([{ event: "progress", operation, session: "s", label: "Export", done: 1, total: 2, outcome }]);
}
const messages = (): string[] => notices.list.map(({ message }) => message);

test("the end of an operation that is watched is not told a second time", () => {
  operations.started("a", TOLD);
  const leave = operations.watch("a");
  announce("a", { outcome: "done" });
  leave();
  expect(messages()).toEqual([]);
  expect(operations.progress.get("a")?.outcome).toEqual({ outcome: "done" });
});

test("the end of an operation that nobody watches any more is told once, a failure with its reason", () => {
  operations.started("a", TOLD);
  operations.watch("a")();
  announce("a", null);
  expect(messages()).toEqual([]);
  announce("a", { outcome: "done" });
  operations.started("b", TOLD);
  announce("b", { outcome: "failed", refusal: { code: "disk_full", message: "The disk is full.", hint: "" } });
  announce("c", { outcome: "done" });
  expect(messages()).toEqual(["Done.", "The disk is full."]);
});

test("an end that is announced before its beginning was answered is found, by a watcher or by a notice", async () => {
  for (const operation of ["a", "b"]) {
    announce(operation, { outcome: "done" });
    operations.started(operation, { ...TOLD, done: `Done ${operation}.` });
  }
  operations.watch("b");
  await vi.waitFor(() => expect(messages()).toEqual(["Done a."]));
});

test("what ended long ago is forgotten, and what runs is not", () => {
  announce("running", null);
  for (let k = 0; k < 200; k += 1) announce(`e${k}`, { outcome: "done" });
  expect(operations.progress.size).toBe(51);
  expect(operations.progress.get("running")?.outcome).toBeNull();
});
