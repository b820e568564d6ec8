/** Settings of voltammograms and of decays. */

import { between, choice, field, isDecay, isVoltammogram, number, wholeNumber, type SettingGroup } from "../field";

export const CYCLIC_VOLTAMMETRY: SettingGroup = {
  title: "Cyclic voltammetry",
  fields: [
    field("cv.method", "Method", "", choice(["tangent", "Tangent"], ["sacmes-web", "SACMES_Web"]), { counts: isVoltammogram }),
    field("cv.scan_rate_v_s", "Scan rate", "0 = from the file.", number, {
      unit: "V/s",
      allowed: "0 or above",
      accepts: (value) => value >= 0,
      counts: isVoltammogram,
    }),
    field(
      "cv.mass_transport",
      "Redox couple",
      "",
      choice(["surface", "Bound to the electrode"], ["solution", "In solution"]),
      { counts: isVoltammogram },
    ),
    field("cv.forward_segment", "Forward segment", "0 = automatic.", wholeNumber, { counts: isVoltammogram }),
    field("cv.reverse_segment", "Reverse segment", "0 = automatic.", wholeNumber, { counts: isVoltammogram }),
    field("cv.range_v", "Potential window", "Empty = the whole sweep.", { kind: "range" }, { unit: "V", counts: isVoltammogram }),
    field("cv.probes_v", "Probes", "Potentials at which currents are read.", { kind: "numbers", whole: false }, {
      unit: "V",
      counts: isVoltammogram,
    }),
    field(
      "cv.convention",
      "Anodic current",
      "Which sign it has in the files.",
      choice(["auto", "Automatic"], ["iupac", "Positive (IUPAC)"], ["us", "Negative (US)"]),
      { counts: isVoltammogram },
    ),
    field("cv.electrons", "Electrons", "Transferred per molecule.", wholeNumber, {
      allowed: "from 1 to 100",
      accepts: between(1, 100),
      counts: isVoltammogram,
    }),
    field("cv.area_m2", "Area of the electrode", "0 = not known; then there is no surface coverage.", number, {
      unit: "m²",
      allowed: "0 (not known) or above",
      accepts: (value) => value >= 0,
      counts: isVoltammogram,
    }),
  ],
};

export const CHRONOAMPEROMETRY: SettingGroup = {
  title: "Chronoamperometry",
  fields: [
    field("ca.model", "Model", "", choice(["mono", "One exponential"], ["bi", "Two exponentials"]), { counts: isDecay }),
    field("ca.fit_range_s", "Fitted time", "After the step; empty = all of it.", { kind: "range" }, { unit: "s", counts: isDecay }),
    field("ca.step", "Step", "Which step of a file; 0 = all.", wholeNumber, {
      allowed: "from 0 to 1000",
      accepts: between(0, 1000),
      counts: isDecay,
    }),
    field("ca.merge_repeats", "Repeats of a step as one", "", { kind: "switch" }, { counts: isDecay }),
    field("ca.cottrell", "Look for a Cottrell region", "", { kind: "switch" }, { counts: isDecay }),
    field("ca.cottrell_range_s", "Cottrell region", "After the step; empty = found.", { kind: "range" }, { unit: "s", counts: isDecay }),
    field("ca.electrons", "Electrons", "Transferred per molecule.", wholeNumber, {
      allowed: "from 1 to 100",
      accepts: between(1, 100),
      counts: isDecay,
    }),
    field("ca.area_m2", "Area of the electrode", "0 = not known; then there is no diffusion coefficient.", number, {
      unit: "m²",
      allowed: "0 (not known) or above",
      accepts: (value) => value >= 0,
      counts: isDecay,
    }),
    field("ca.concentration_mol_m3", "Concentration", "0 = not known; then there is no diffusion coefficient.", number, {
      unit: "mol/m³",
      allowed: "0 (not known) or above",
      accepts: (value) => value >= 0,
      counts: isDecay,
    }),
  ],
};
