import { beforeEach, expect, test } from "vitest";

import { forgetKept, keepFor, renameKept } from "./kept-for-profile";

beforeEach(() => localStorage.clear());

test("what the page remembers is each profile's own, and comes back with it", () => {
  localStorage.setItem("axis", "reversed");
  expect(keepFor("ada")).toBe(false);
  expect(localStorage.getItem("axis")).toBe("reversed");
  expect(keepFor("grace")).toBe(true);
  expect(localStorage.getItem("axis")).toBeNull();
  localStorage.setItem("plots", "2");
  expect(keepFor("grace")).toBe(false);
  expect(keepFor("ada")).toBe(true);
  expect([localStorage.getItem("axis"), localStorage.getItem("plots")]).toEqual(["reversed", null]);
});

test("it follows another name and goes with its profile", () => {
  keepFor("ada");
  localStorage.setItem("axis", "reversed");
  renameKept("ada", "emmy");
  expect(keepFor("emmy")).toBe(false);
  keepFor("grace");
  renameKept("emmy", "ada");
  keepFor("ada");
  expect(localStorage.getItem("axis")).toBe("reversed");
  keepFor("grace");
  forgetKept("ada");
  keepFor("ada");
  expect(localStorage.getItem("axis")).toBeNull();
});

test("what is put away and damaged is as if it were not there", () => {
  keepFor("ada");
  localStorage.setItem("sacmes.profile/grace", "{ not json");
  expect(keepFor("grace")).toBe(true);
  expect(localStorage.getItem("sacmes.profile/grace")).toBeNull();
});
