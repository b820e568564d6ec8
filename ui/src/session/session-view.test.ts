import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ColumnTable } from "../platform/columns";
import { demoPlatform } from "../platform/demo/platform";
import type { Platform } from "../platform/platform";
import type { Event } from "../protocol/Event";
import type { RecordEntry } from "../protocol/RecordEntry";
import { measurement } from "../testing/measurement";
import { EventHub } from "./event-hub";
import { SessionView } from "./session-view.svelte";

const LIVE = "5e551000-0000-4000-8000-000000000004";
const NEW_ID = 99;

let view: SessionView;
let hub: EventHub;
let platform: Platform;
let seq: number;

function announce(...bodies: { seq: number; index: number; id: number }[]): void {
  const events: Event[] = bodies.map(
    ({ seq, index, id }): RecordEntry => ({
      session: LIVE, seq, offset: seq, at: "2025-06-12T10:00:00Z", event: "measured",
      measurements: [measurement({ measurement: id, index, session: LIVE })],
    }),
  );
  hub.hand(events);
}

const has = (id: number): boolean => view.series(1, 15)?.column("measurement").includes(id) ?? false;

beforeEach(async () => {
  const demo = demoPlatform("?scene=still");
  platform = { ...demo, columns: vi.fn(demo.columns) };
  hub = new EventHub();
  view = new SessionView(platform, hub, LIVE);
});
afterEach(() => view.close());

async function opened(): Promise<void> {
  await hub.connect(platform);
  await vi.waitFor(() => expect(view.phase).toBe("ready"));
  seq = view.summary?.seq ?? 0;
}

test("nothing is asked before the subscription stands", async () => {
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(platform.columns).not.toHaveBeenCalled();
  await opened();
  expect(platform.columns).toHaveBeenCalledWith(expect.objectContaining({ query: "series", after: 0 }));
});

test("what is announced while the session is being read is not missed", async () => {
  const read = platform.columns;
  platform.columns = async (query) => {
    const table = await read(query);
    if (query.query === "series") announce({ seq: 2, index: 5000, id: NEW_ID });
    return table;
  };
  await opened();
  expect(seq).toBe(1);
  expect(has(NEW_ID)).toBe(true);
});

test("many entries are told once a frame", async () => {
  await opened();
  const before = view.seriesVersion;
  for (let k = 1; k <= 500; k += 1) announce({ seq: seq + k, index: 1000 + k, id: 1000 + k });
  expect(view.seriesVersion).toBe(before);
  await vi.waitFor(() => expect(view.seriesVersion).toBeGreaterThan(before));
  expect(view.seriesVersion).toBe(before + 1);
  expect(view.newestIndex).toBe(1500);
});

test("after a gap everything is read again, and what was shown stays meanwhile", async () => {
  await opened();
  const length = view.series(1, 15)?.length;
  vi.mocked(platform.columns).mockClear();
  announce({ seq: seq + 5, index: 5000, id: NEW_ID });
  expect(view.series(1, 15)?.length).toBe(length);
  expect(has(NEW_ID)).toBe(false);
  await vi.waitFor(() => expect(platform.columns).toHaveBeenCalledWith(expect.objectContaining({ query: "series" })));
});

test("where what comes does not continue what was read, everything is read again and nothing is mixed", async () => {
  await opened();
  vi.mocked(platform.columns).mockClear();
  hub.handAnew();
  // Looks like the next entry, and is one of another life of the record.
  announce({ seq: seq + 1, index: 5000, id: NEW_ID });
  expect(has(NEW_ID)).toBe(false);
  await vi.waitFor(() => expect(platform.columns).toHaveBeenCalledWith(expect.objectContaining({ query: "series" })));
  await vi.waitFor(() => expect(view.summary?.seq).toBe(seq));
  announce({ seq: seq + 1, index: 5000, id: NEW_ID });
  await vi.waitFor(() => expect(has(NEW_ID)).toBe(true));
});

test("only the trends of new indices are asked for", async () => {
  await opened();
  await vi.waitFor(() => expect(view.trendsVersion).toBe(1));
  vi.mocked(platform.columns).mockClear();
  announce({ seq: seq + 1, index: 500, id: NEW_ID }, { seq: seq + 2, index: 502, id: NEW_ID + 1 });
  await vi.waitFor(() => expect(platform.columns).toHaveBeenCalled());
  expect(platform.columns).toHaveBeenCalledExactlyOnceWith({ query: "trends", session: LIVE, first_index: 500, last_index: 502 });
});

test("trends whose times come from somewhere else now are asked for as a whole", async () => {
  const read = platform.columns;
  let clock = "file";
  const asked = vi.fn();
  platform.columns = async (query) => {
    const table = await read(query);
    if (query.query !== "trends") return table;
    asked(query);
    const columns = new Map(table.names.map((name) => [name, table.column(name)]));
    return new ColumnTable(table.rows, columns, { time_source: clock });
  };
  await opened();
  await vi.waitFor(() => expect(view.trendsVersion).toBe(1));
  clock = "modified";
  announce({ seq: seq + 1, index: 500, id: NEW_ID });
  await vi.waitFor(() => expect(view.trendsVersion).toBe(2));
  const ranges = asked.mock.calls.map(([query]) => [query.first_index, query.last_index]);
  expect(ranges).toEqual([[0, 0], [500, 500], [0, 0]]);
});

const REFUSAL = { code: "database_locked", message: "The database is locked.", hint: "" };

/** Lets columns of one kind fail so many times. */
function failing(kind: string, times: number): void {
  const read = platform.columns;
  let left = times;
  platform.columns = async (query) => {
    if (query.query === kind && left > 0) {
      left -= 1;
      throw REFUSAL;
    }
    return read(query);
  };
}

test("a session that could not be opened is opened as soon as it can be", async () => {
  failing("series", 1);
  await hub.connect(platform);
  await vi.waitFor(() => expect(view.phase).toBe("failed"));
  expect(view.refusal?.code).toBe("database_locked");
  await vi.waitFor(() => expect(view.phase).toBe("ready"));
  expect(view.refusal).toBeNull();
});

test("trends that were refused are asked for again, with all that came meanwhile, and the banner goes", async () => {
  await opened();
  await vi.waitFor(() => expect(view.trendsVersion).toBe(1));
  failing("trends", 1);
  announce({ seq: seq + 1, index: 500, id: NEW_ID });
  await vi.waitFor(() => expect(view.refusal?.code).toBe("database_locked"));
  const asked = vi.fn();
  const read = platform.columns;
  platform.columns = (query) => {
    asked(query);
    return read(query);
  };
  announce({ seq: seq + 2, index: 502, id: NEW_ID + 1 });
  await vi.waitFor(() => expect(view.refusal).toBeNull());
  expect(asked).toHaveBeenCalledWith({ query: "trends", session: LIVE, first_index: 500, last_index: 502 });
});

test("a session that is not there is a refusal on screen", async () => {
  const other = new SessionView(platform, hub, "no-such-session");
  await hub.connect(platform);
  await vi.waitFor(() => expect(other.phase).toBe("failed"));
  expect(other.refusal?.code).toBe("no_such_session");
  other.close();
});
