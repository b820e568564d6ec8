import { expect, test, vi } from "vitest";

import { tableOf } from "../../platform/columns";
import type { Platform } from "../../platform/platform";
import { rowOf } from "../../session/series";
import { defaultSettings } from "../../settings/defaults";
import { measurement } from "../../testing/measurement";
import { OverlayFeed } from "./overlay-feed.svelte";

/** A sweep whose smoothed current tells the number of points that the settings drop. */
function feedOver() {
  const columns = vi.fn<Platform["columns"]>(async (query) => {
    if (query.query !== "sweep") throw new Error(query.query);
    const smoothed = query.settings?.peak.trim_points ?? 0;
    const one = [0];
    return tableOf({ potential_v: one, raw_a: one, smoothed_a: [smoothed], baseline_a: one }, { measurement: null, stored: measurement() });
  });
  return { columns, feed: new OverlayFeed({ columns } as unknown as Platform) };
}

const trimmed = (points: number) => {
  const settings = defaultSettings();
  settings.peak.trim_points = points;
  return settings;
};

test("settings that are tried out draw every sweep, and what was kept is there again at once", async () => {
  const { columns, feed } = feedOver();
  const wanted = [1, 2].map((id) => ({ place: String(id), row: rowOf(measurement({ measurement: id })) }));
  const smoothed = () => [...feed.shown.values()].map((sweep) => sweep.columns.smoothed_a[0]);
  feed.want(wanted);
  await vi.waitFor(() => expect(smoothed()).toEqual([0, 0]));

  feed.want(wanted, trimmed(7));
  // Until they are tried out, they stay.
  expect(smoothed()).toEqual([0, 0]);
  await vi.waitFor(() => expect(smoothed()).toEqual([7, 7]));
  feed.want(wanted, trimmed(9));
  await vi.waitFor(() => expect(smoothed()).toEqual([9, 9]));

  const asked = columns.mock.calls.length;
  feed.want(wanted);
  expect(smoothed()).toEqual([0, 0]);
  expect(columns).toHaveBeenCalledTimes(asked);
  feed.close();
});
