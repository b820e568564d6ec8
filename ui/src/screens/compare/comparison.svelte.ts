import type { App } from "../../app/app.svelte";
import type { SessionId } from "../../protocol/SessionId";
import type { Alignment } from "./alignment";
import { ComparedSession } from "./compared-session.svelte";

/** More lines than this cannot be told apart. */
export const MOST_SESSIONS = 12;

/** What a viewer compares, and how. It never leaves this window. */
export class Comparison {
  sessions: readonly ComparedSession[] = $state.raw([]);
  alignment: Alignment = $state("index");
  /** Quantities whose plots were put away, and those that were fetched. */
  aside: ReadonlySet<string> | null = $state.raw(null);

  constructor(private readonly app: App) {}

  /** Compares these; whatever was chosen for those that stay is kept. */
  show(ids: readonly SessionId[]): void {
    const wanted = [...new Set(ids)].slice(0, MOST_SESSIONS);
    const kept = new Map(this.sessions.map((session) => [session.id, session]));
    const next = wanted.map((id) => kept.get(id) ?? new ComparedSession(this.app.platform, this.app.hub, id));
    for (const session of this.sessions) if (!next.includes(session)) session.close();
    this.sessions = next;
  }

  close(): void {
    for (const session of this.sessions) session.close();
    this.sessions = [];
  }
}

interface Kept {
  sessions: readonly SessionId[];
  alignment: Alignment;
  aside: ReadonlySet<string> | null;
}

/** What was compared last, for each host: nothing of one is shown in another. */
const last = new WeakMap<App, Kept>();

export function keep(app: App, { sessions, alignment, aside }: Comparison): void {
  last.set(app, { sessions: sessions.map(({ id }) => id), alignment, aside });
}

export function keptOf(app: App): Kept | undefined {
  return last.get(app);
}
