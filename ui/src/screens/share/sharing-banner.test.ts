import { render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { clock } from "../../design/clock.svelte";
import Counting from "../../design/Counting.svelte";
import type { SharingStatus } from "../../protocol/SharingStatus";
import { mounted } from "../../testing/mounted";
import SharingBanner from "./SharingBanner.svelte";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-03-01T09:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

test("the loss of the relay is said after a moment, and is gone by itself when it is back", async () => {
  const online: SharingStatus = { sharing: "online", relay: "https://relay.example.org", since: "2026-03-01T08:00:00Z", viewers: 2 };
  let status: SharingStatus = online;
  const { app } = mounted(SharingBanner, {}, "scene=still", (demo) => ({ sharing: { ...demo.sharing, status: async () => status } }));
  await vi.advanceTimersByTimeAsync(5000);
  expect(screen.queryByRole("status")).toBeNull();

  status = {
    sharing: "offline", relay: online.relay, since: "2026-03-01T09:00:05Z", again_at: "2026-03-01T09:01:00Z",
    reason: { code: "relay_unreachable", message: "relay.example.org does not answer.", hint: "Check the network." },
  };
  await vi.advanceTimersByTimeAsync(2500);
  expect(screen.queryByRole("status")).toBeNull();
  await vi.advanceTimersByTimeAsync(3000);
  expect(screen.getByRole("status").textContent).toContain("Nobody can follow: relay.example.org does not answer. Check the network. Measuring goes on");
  expect(app.sharing.viewers).toBeNull();

  status = online;
  await vi.advanceTimersByTimeAsync(2500);
  expect(screen.queryByRole("status")).toBeNull();
  expect(app.sharing.viewers).toBe(2);
});

test("how long it lasts is counted for the eye only", () => {
  clock.now_ms = Date.parse("2026-03-01T09:02:05Z");
  const { container } = render(Counting, { props: { since: new Date("2026-03-01T09:00:00Z"), again: new Date("2026-03-01T09:02:09Z") } });
  expect(container.querySelector("[aria-hidden=true]")?.textContent?.replaceAll("\u202f", " ")).toBe("for 2 min 5 s, next try in 4 s");
});
