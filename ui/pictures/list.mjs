// Every picture: which screen, in which state.

import { COMPARING } from "./list/comparing.mjs";
import { FOLLOWING } from "./list/following.mjs";
import { NOTES } from "./list/notes.mjs";
import { SESSIONS } from "./list/sessions.mjs";
import { SETTINGS } from "./list/settings.mjs";
import { SHARING } from "./list/sharing.mjs";
import { STARTING } from "./list/starting.mjs";
import { TECHNIQUES } from "./list/techniques.mjs";

/** @typedef {import("./studio.mjs").Picture} Picture */

/** @type {Picture[]} */
export const PICTURES = [...STARTING, ...SESSIONS, ...TECHNIQUES, ...COMPARING, ...NOTES, ...SETTINGS, ...SHARING, ...FOLLOWING];

/** @param {Picture} picture @param {import("./studio.mjs").Size} size @param {import("./studio.mjs").Scheme} scheme */
export const fileName = ({ name }, size, scheme) => `${name}-${size}-${scheme}`;

/**
 * In which size and scheme the tests look at it: in turn large and light or small and dark, on a phone where it is looked at there.
 * @param {Picture} picture
 * @returns {{ size: import("./studio.mjs").Size, scheme: import("./studio.mjs").Scheme }}
 */
export function testedAs(picture) {
  if (PICTURES.indexOf(picture) % 2 === 0) return { size: "large", scheme: "light" };
  return { size: picture.onPhone ? "phone" : "small", scheme: "dark" };
}

/**
 * Whether that picture of it is kept and compared.
 * @param {Picture} picture @param {import("./studio.mjs").Size} size @param {import("./studio.mjs").Scheme} scheme
 */
export function isCompared(picture, size, scheme) {
  const tested = testedAs(picture);
  return !picture.moves && size === tested.size && scheme === tested.scheme;
}

/** What README and docs show, by its name there. @type {Record<string, string>} */
export const DOCUMENTED = {
  "start-large-light": "start",
  "new-session-large-light": "new-session",
  "session-large-light": "session",
  "session-marking-large-light": "marking",
  "session-calibration-large-light": "calibration",
  "map-compare-large-light": "map-compare",
  "cv-done-large-light": "cv",
  "ca-log-large-light": "ca",
  "compare-marker-large-light": "compare",
  "export-figure-large-light": "export-figure",
  "notes-large-light": "notes",
  "share-on-large-light": "share",
  "settings-large-light": "settings",
  "follow-view-only-phone-light": "phone",
};
