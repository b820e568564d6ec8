import type { Answer } from "../../protocol/Answer";
import type { ColumnQuery } from "../../protocol/ColumnQuery";
import type { IdentityStatus } from "../../protocol/IdentityStatus";
import type { Query } from "../../protocol/Query";
import type { Refusal } from "../../protocol/Refusal";
import type { ColumnTable } from "../columns";
import { capabilitiesWith } from "../out-of-reach";
import type { AnswerTo, Capabilities, Platform } from "../platform";
import { demoComputer } from "./computer";
import { demoCalibration } from "./calibration";
import { demoElsewhere } from "./elsewhere";
import type { DemoEngine } from "./engine";
import { demoExport } from "./export-preview";
import { demoFigure } from "./figure";
import { CV_FOLDER, DEMO_FOLDER, previewFile, previewFolder, UNKNOWN_FOLDER } from "./folders";
import { demoFollowing } from "./following";
import { demoMaps } from "./maps";
import { seedNotes } from "./notes";
import { demoProfiles } from "./profiles";
import { demoSharing } from "./sharing";
import { buildScene } from "./scenes";
import { scanRatesOf } from "./techniques";
import { demoArriving, demoLot, demoRules } from "./sources";

const KNOWN: Extract<IdentityStatus, { identity: "known" }> = {
  identity: "known",
  user_id: "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35",
  short: "0b5c1e9e",
  view_only_code: "04003kq8yv5hsneztwrtf1k0czbd7rjbbxq5qvcnrkvfsye30a7r39abc21zxjg",
  kept_in: "keyring",
};

/** What renewing makes of them. */
const RENEWED = {
  user_id: "7d2f4a10-93b5-4c6e-8d1f-0a5b6c7d8e9f",
  short: "7d2f4a10",
  view_only_code: "04005kq8yv5hsneztwrtf1k0czbd7rjbbxq5qvcnrkvfsye30a7r39abc21zxjg",
};

const NEEDS_CONSENT: IdentityStatus = {
  identity: "needs_consent",
  refusal: {
    code: "keyring_absent",
    message: "This computer has no keyring that SACMES can use: no service answers on the session bus.",
    hint: "Start one (for example gnome-keyring) and restart SACMES, or let SACMES keep the User ID in a file.",
  },
};

const UNAVAILABLE: IdentityStatus = {
  identity: "unavailable",
  refusal: {
    code: "keyring_locked",
    message: "The keyring that holds your User ID is locked.",
    hint: "Unlock it and try again; measuring goes on meanwhile.",
  },
};

const ALL: Capabilities = { control: { can: true }, folders: { can: true }, identity: { can: true }, sharing: { can: true } };

/** A host in memory, for development in a plain browser, for tests and for pictures. `?scene=` chooses what is there. */
export function demoPlatform(search: string = globalThis.location.search): Platform {
  const parameters = new URLSearchParams(search);
  const engine = buildScene(parameters.get("scene") ?? "live");
  const following = demoFollowing(parameters.get("follow"));
  if (parameters.get("notes") !== "none") seedNotes(engine);
  engine.notes.ofSessionsOnly = following?.code === "view_only";
  const folder = { unknown: UNKNOWN_FOLDER, cv: CV_FOLDER }[parameters.get("folder") ?? ""] ?? DEMO_FOLDER;
  const identities: Record<string, IdentityStatus> = { needs_consent: NEEDS_CONSENT, unavailable: UNAVAILABLE };
  let identity = identities[parameters.get("identity") ?? ""] ?? KNOWN;
  const becomeKnown = (kept_in: "keyring" | "owner_only_file"): Promise<IdentityStatus> => {
    identity = { ...KNOWN, kept_in };
    return Promise.resolve(identity);
  };
  return {
    capabilities: following ? capabilitiesWith(following.code) : ALL,
    following,
    ...(following ? {} : { elsewhere: demoElsewhere(parameters.get("keyring")), profiles: demoProfiles(parameters.get("profiles")), ...demoComputer(parameters) }),
    query: async <Q extends Query>(query: Q) => answer(engine, query) as AnswerTo<Q["query"]>,
    columns: async (query) => columns(engine, query),
    command: async (command) => engine.command(command),
    subscribe: async (listener) => engine.subscribe(listener),
    identity: {
      status: async () => identity,
      copy: async () => {},
      consentToFile: () => becomeKnown("owner_only_file"),
      restore: (text) =>
        /^[0-9a-f-]{36}$/i.test(text.trim())
          ? becomeKnown("keyring")
          : Promise.reject({
              code: "not_a_code",
              message: "This is not a User ID.",
              hint: "A User ID has 32 letters and digits in five groups.",
            } satisfies Refusal),
    },
    sharing: demoSharing(parameters.get("sharing"), (which) => {
      identity = which === "user_id" ? { ...KNOWN, ...RENEWED } : { ...KNOWN, view_only_code: RENEWED.view_only_code };
    }),
    chooseFolder: async () => folder,
    chooseFiles: async () => ({ folder, files: ["ATP_15Hz_1.txt", "ATP_60Hz_1.txt", "ATP_200Hz_1.txt"] }),
    ...(following ? {} : { arriving: demoArriving(parameters.get("arriving")) }),
    chooseDestination: async (suggestedName) => `/home/ada/${suggestedName}`,
    reveal: async () => {},
    appInfo: async () => ({
      version: "0.1.0",
      profile: "Ada",
      data_folder: "/home/ada/.local/share/sacmes/ada",
      computer: "lab-pc-3",
      desktop: true,
    }),
  };
}

function answer(engine: DemoEngine, query: Query): Answer {
  switch (query.query) {
    case "sessions":
      return { answer: "sessions", sessions: engine.sessions.map((session) => session.summary()) };
    case "session":
      return { answer: "session", detail: engine.session(query.session).detail() };
    case "results": {
      const session = engine.session(query.session);
      const from = query.after;
      const next = Math.min(session.filesDone, from + query.limit);
      const measurements = [];
      for (let file = from; file < next; file += 1) measurements.push(...session.measurements(file));
      return { answer: "results", measurements, next: next < session.filesDone ? next : null };
    }
    case "measurement": {
      const found = engine.holder(query.measurement)?.find(query.measurement);
      if (!found) throw { code: "measurement_unknown", message: "There is no such point.", hint: "" } satisfies Refusal;
      return { answer: "measurement", measurement: found.measurement };
    }
    case "files": {
      const all = engine.session(query.session).files(query.states);
      return { answer: "files", files: all.slice(query.offset, query.offset + query.limit), total: all.length };
    }
    case "record":
      return { answer: "record", entries: [] };
    case "calibrations":
      return {
        answer: "calibrations",
        calibrations: engine.session(query.session).detail().electrodes.map(demoCalibration),
      };
    case "marks":
      return { answer: "marks", marks: engine.session(query.session).marks.list() };
    case "stats":
      return {
        answer: "stats",
        stats: {
          sessions: [], mean_duration_s: null, created: engine.sessions.length, deleted: 0, expired: 0, queues: [],
          memory_bytes: null, database_bytes: 0, record_offset: 0,
        },
      };
    case "folder_preview":
      return { answer: "folder_preview", preview: previewFolder(query.folder, query.settings, query.files) };
    case "lot":
      return { answer: "lot", lot: demoLot(query.paths) };
    case "import_rules":
      return { answer: "import_rules", rules: demoRules };
    case "notes":
    case "note_topics":
    case "note_statistics":
      return engine.notes.answer(query);
    case "frequency_maps":
      return { answer: "frequency_maps", study: demoMaps(engine, query.sessions) };
    case "figure_preview":
      return { answer: "figure_preview", svg: demoFigure(query.figure) };
    case "export_preview":
      return { answer: "export_preview", beginning: demoExport(engine.session(query.session), query.layout, query.selection) };
    case "scan_rates":
      return { answer: "scan_rates", study: scanRatesOf(engine, query.sessions) };
  }
}

function columns(engine: DemoEngine, query: ColumnQuery): ColumnTable {
  switch (query.query) {
    case "series":
      return engine.session(query.session).series();
    case "trends":
      return engine.session(query.session).trends(query.first_index, query.last_index);
    case "sweep": {
      const table = engine.holder(query.measurement)?.sweep(query.measurement, query.settings, query.points);
      if (table) return table;
      throw { code: "no_sweep", message: "This file gave no sweep.", hint: "" } satisfies Refusal;
    }
    case "file_preview":
      return previewFile(query.folder, query.file, query.electrode, query.settings);
  }
}
