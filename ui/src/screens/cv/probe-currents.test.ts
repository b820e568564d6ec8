import { describe, expect, it, vi } from "vitest";

import { demoPlatform } from "../../platform/demo/platform";
import type { Event } from "../../protocol/Event";
import type { Measurement } from "../../protocol/Measurement";
import { EventHub } from "../../session/event-hub";
import { ProbeCurrents } from "./probe-currents.svelte";

const id = "s";
const one = (measurement: number, current_a: number) =>
  ({ measurement, probes: [{ potential_v: -0.1, current_a }] }) as unknown as Measurement;

async function opened(pages: Measurement[][]) {
  let send: (events: Event[]) => void = () => {};
  const asked: number[] = [];
  const platform = {
    ...demoPlatform("?scene=empty"),
    subscribe: async (listener: (events: Event[]) => void) => {
      send = listener;
      return () => {};
    },
    query: (async (query: { after: number }) => {
      asked.push(query.after);
      return { answer: "results", measurements: pages[query.after] ?? [], next: query.after + 1 < pages.length ? query.after + 1 : null };
    }) as never,
  };
  const hub = new EventHub();
  await hub.connect(platform);
  const currents = new ProbeCurrents({ platform, id }, hub);
  const end = currents.follow();
  return { currents, end, asked, tell: (entry: object) => send([{ session: id, seq: 2, offset: 2, at: "", ...entry } as unknown as Event]) };
}

describe("the currents at probes", () => {
  it("are read page by page, and followed by the record", async () => {
    const { currents, end, asked, tell } = await opened([[one(1, 1e-9)], [one(2, 2e-9)]]);
    await vi.waitFor(() => expect(currents.of(2, -0.1)).toBe(2e-9));
    expect(asked).toEqual([0, 1]);
    expect(currents.of(1, -0.1)).toBe(1e-9);
    expect(currents.of(1, -0.2)).toBeNaN();
    const before = currents.epoch();
    tell({ event: "measured", measurements: [one(3, 3e-9)] });
    expect(currents.of(3, -0.1)).toBe(3e-9);
    expect(currents.epoch()).toBeGreaterThan(before);
    end();
  });

  it("are read again when everything was measured anew", async () => {
    const pages = [[one(1, 1e-9)]];
    const { currents, end, tell } = await opened(pages);
    await vi.waitFor(() => expect(currents.of(1, -0.1)).toBe(1e-9));
    pages[0] = [one(1, 5e-9)];
    tell({ event: "recomputed", revision: 2, measurements: 1 });
    await vi.waitFor(() => expect(currents.of(1, -0.1)).toBe(5e-9));
    end();
  });
});
