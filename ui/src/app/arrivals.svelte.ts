import type { Arrival } from "../platform/platform";
import type { Lot } from "../protocol/Lot";
import { baseName, counted } from "../words";
import type { App } from "./app.svelte";

/** Files, folders and archives that come into the window by themselves, or were chosen to be opened. */
export class Arrivals {
  /** How many are being dragged over the window; null: none. */
  over: number | null = $state(null);
  /** How many are being looked into before they are shown; 0: none. */
  lookedInto = $state(0);
  /** Shown instead of this computer's experiments while files come: ends that. */
  comeBack: (() => void) | null = null;
  /** Whoever adds what comes to what it shows already; says whether it took it. */
  taker: ((lot: Lot) => boolean) | null = null;

  constructor(private readonly app: App) {}

  listen(): void {
    this.app.platform.arriving?.((arrival) => this.#take(arrival)).catch((thrown: unknown) => this.app.notices.failed(thrown));
  }

  /** Sorts what came: archives become sessions at once, files are shown before they do. */
  async open(paths: readonly string[]): Promise<void> {
    this.lookedInto = paths.length;
    const answer = await this.app.notices.attempt(() => this.app.platform.query({ query: "lot", paths: [...paths] }));
    this.lookedInto = 0;
    if (!answer) return;
    const { lot } = answer;
    this.comeBack?.();
    const opened = await this.#openArchives(lot.archives);
    const [part] = lot.parts;
    if (part) {
      if (this.taker?.(lot)) return;
      this.app.go({ screen: "new_session", door: "open", folder: part.folder, files: part.files, lot });
      return;
    }
    this.tellRefused(lot);
    if (opened !== null) this.app.go({ screen: "session", session: opened });
  }

  /** Tells of what could not be opened, where no screen lists it. */
  tellRefused(lot: Lot): void {
    const [first, ...others] = lot.refused;
    if (!first) return;
    const more = others.length > 0 ? ` ${counted(others.length, "other")} could not be opened either.` : "";
    this.app.notices.failed({ code: first.reason, message: first.message + more, hint: "" });
  }

  #take(arrival: Arrival): void {
    this.over = arrival.arrival === "over" ? arrival.paths : null;
    if (arrival.arrival === "came") void this.open(arrival.paths);
  }

  /** The session of the last archive that could be opened. */
  async #openArchives(archives: readonly string[]): Promise<string | null> {
    let opened: string | null = null;
    for (const path of archives) {
      const outcome = await this.app.notices.attempt(() =>
        this.app.platform.command({ command: "open_archive", path, name: "", temporary: true }),
      );
      if (outcome?.outcome !== "started") continue;
      opened = outcome.session;
      this.app.notices.done(`${baseName(path)} is open as a session.`);
    }
    if (opened !== null) this.app.sessions.refresh();
    return opened;
  }
}

/** The absolute path of a name in a folder, as the folder's computer writes paths. */
export function joined(folder: string, name: string): string {
  const mark = folder.includes("\\") && !folder.includes("/") ? "\\" : "/";
  return folder.endsWith(mark) ? folder + name : folder + mark + name;
}
