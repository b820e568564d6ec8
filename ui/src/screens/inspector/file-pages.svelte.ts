import { SvelteMap } from "svelte/reactivity";

import type { Platform } from "../../platform/platform";
import { toRefusal } from "../../platform/platform";
import type { FileEntry } from "../../protocol/FileEntry";
import type { FileState } from "../../protocol/FileState";
import type { Refusal } from "../../protocol/Refusal";
import type { SessionId } from "../../protocol/SessionId";
import { RepeatThrottle } from "../../session/frame";

const PAGE = 100;
const REFRESH_MS = 800;

/** The pages of a session's list of files that are on screen, however long the list is. */
export class FilePages {
  total = $state(0);
  refusal: Refusal | null = $state.raw(null);

  #pages = new SvelteMap<number, FileEntry[]>();
  #from = 0;
  #to = 0;
  #states: FileState[] = [];
  /** Counts the changes of the filter, so that answers to an older one are dropped. */
  #filter = 0;
  #queries = new RepeatThrottle(REFRESH_MS, () => this.#query());

  constructor(
    private readonly platform: Platform,
    private readonly session: SessionId,
  ) {}

  /** The entry at a position, or undefined while its page is on the way. */
  at(position: number): FileEntry | undefined {
    return this.#pages.get(Math.floor(position / PAGE))?.[position % PAGE];
  }

  /** How many entries are here. */
  get here(): number {
    let entries = 0;
    for (const page of this.#pages.values()) entries += page.length;
    return entries;
  }

  /** The entry of a file, if it is on a page that is here. */
  find(file: string): FileEntry | undefined {
    for (const page of this.#pages.values()) {
      const entry = page.find((known) => known.file === file);
      if (entry) return entry;
    }
    return undefined;
  }

  filter(states: FileState[]): void {
    this.#states = states;
    this.#filter += 1;
    this.#pages.clear();
    this.total = 0;
    this.#queries.ask();
  }

  /** Says which positions are on screen; pages that are not there yet are fetched. */
  show(from: number, to: number): void {
    this.#from = Math.floor(from / PAGE);
    this.#to = Math.floor(Math.max(from, to - 1) / PAGE);
    for (let page = this.#from; page <= this.#to; page += 1) {
      if (!this.#pages.has(page)) this.#queries.ask();
    }
  }

  /** Fetches what is on screen again. */
  refresh(): void {
    this.#queries.ask();
  }

  close(): void {
    this.#queries.close();
  }

  async #query(): Promise<void> {
    const filter = this.#filter;
    try {
      for (let page = this.#from; page <= this.#to; page += 1) {
        const { files, total } = await this.platform.query({
          query: "files",
          session: this.session,
          states: this.#states,
          offset: page * PAGE,
          limit: PAGE,
        });
        if (filter !== this.#filter) return;
        this.#pages.set(page, files);
        this.total = total;
      }
      // Pages out of sight may have changed; they are fetched when they come into sight.
      for (const page of this.#pages.keys()) {
        if (page < this.#from || page > this.#to) this.#pages.delete(page);
      }
      this.refusal = null;
    } catch (thrown) {
      this.refusal = toRefusal(thrown);
    }
  }
}
