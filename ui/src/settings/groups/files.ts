/** Settings of what is read: electrodes, names of files, and columns of tables. */

import { between, field, optionalChoice, optionalWhole, wholeNumber, type SettingGroup } from "../field";

export const ELECTRODES: SettingGroup = {
  title: "Electrodes",
  fields: [
    field(
      "electrodes.selected",
      "Electrodes",
      "Numbers as the files state them, such as 1, 2, 5; empty = all.",
      { kind: "numbers", whole: true },
      { allowed: "from 1 to 1000", accepts: between(1, 1000) },
    ),
    field("electrodes.average", "One averaged trace over these electrodes", "", { kind: "switch" }),
  ],
};

export const FILES: SettingGroup = {
  title: "Files",
  fields: [
    field("files.handle", "Handle", "Common stem of the file names; empty = any.", { kind: "text" }),
    field(
      "files.pattern",
      "Name pattern",
      "auto, or a template of <H> handle, <E> electrode, <F> frequency, <N> index, such as <H>_<F>Hz_<N>.",
      { kind: "text" },
    ),
    field("files.extension", "Extension", "Such as txt; empty = any.", { kind: "text" }),
    field("files.frequencies_hz", "Frequencies", "Such as 15, 200; empty = all that are found.", { kind: "numbers", whole: false }, {
      unit: "Hz",
      allowed: "above 0 and at most 1000000",
      accepts: (value) => value > 0 && value <= 1e6,
    }),
    field("files.first_index", "First index", "0 = from the beginning.", wholeNumber, {
      allowed: "0 or above",
      accepts: (value) => value >= 0,
    }),
    field("files.last_index", "Last index", "0 = open end.", wholeNumber, {
      allowed: "0 or at least the first index",
      accepts: (value, settings) => value === 0 || value >= settings.files.first_index,
    }),
  ],
};

export const COLUMNS: SettingGroup = {
  title: "Columns of tables",
  fields: [
    ...(
      [
        ["columns.potential", "Column of the potential", "Counted from 1."],
        ["columns.current", "Column of the first current", "Counted from 1."],
        ["columns.spacing", "Columns from one current to the next", "For tables with several electrodes."],
        ["columns.time", "Column of the times", "Counted from 1."],
        ["columns.forward", "Column of the first forward current", "Together with the reverse current."],
        ["columns.reverse", "Column of the first reverse current", "Without a column of the current, forward minus reverse."],
      ] as const
    ).map(([key, label, explain]) =>
      field(key, label, explain, optionalWhole, { allowed: "from 1 to 1000", accepts: between(1, 1000) }),
    ),
    field(
      "columns.potential_unit",
      "Unit of the potential",
      "",
      optionalChoice(["V", "V"], ["mV", "mV"], ["uV", "µV"], ["nV", "nV"]),
    ),
    field(
      "columns.current_unit",
      "Unit of the current",
      "",
      optionalChoice(["A", "A"], ["mA", "mA"], ["uA", "µA"], ["nA", "nA"], ["pA", "pA"]),
    ),
    field(
      "columns.time_unit",
      "Unit of the times",
      "",
      optionalChoice(["s", "s"], ["ms", "ms"], ["us", "µs"], ["min", "min"], ["h", "h"]),
    ),
    field(
      "columns.delimiter",
      "Separator",
      "",
      optionalChoice(["space", "Blanks"], ["tab", "Tab"], ["comma", "Comma"], ["semicolon", "Semicolon"]),
    ),
    field("columns.decimal", "Decimal mark", "", optionalChoice(["point", "Point (0.5)"], ["comma", "Comma (0,5)"])),
  ],
};
