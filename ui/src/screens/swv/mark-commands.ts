import type { MarkedPoints } from "../../protocol/MarkedPoints";
import type { Notices } from "../../session/notices.svelte";
import type { SessionView } from "../../session/session-view.svelte";

/** Marks points of a sweep by hand; false where that was refused, which is told. */
export async function mark(view: SessionView, notices: Notices, measurement: number, points: MarkedPoints): Promise<boolean> {
  const command = { command: "put_mark", session: view.id, measurement, points } as const;
  return (await notices.attempt(() => view.command(command))) !== null;
}

/** Takes the mark of a sweep away. */
export async function unmark(view: SessionView, notices: Notices, measurement: number): Promise<boolean> {
  const done = await notices.attempt(async () => {
    const { marks } = await view.platform.query({ query: "marks", session: view.id });
    const own = marks.filter((marked) => marked.measurement === measurement).map(({ mark: { id } }) => id);
    return view.command({ command: "remove_mark", session: view.id, marks: own });
  });
  return done !== null;
}
