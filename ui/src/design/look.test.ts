import { afterEach, expect, test, vi } from "vitest";

import { quantity, scaleFor } from "../plot/si";
import { look, LookState } from "./look.svelte";
import { scheme } from "./scheme.svelte";

afterEach(() => {
  localStorage.clear();
  look.take({});
});

test("what was chosen holds again on the next page; what is no choice is as usual", () => {
  look.choose({ theme: "dark", current_unit: "nanoampere" });
  expect(new LookState().now).toEqual(look.now);
  localStorage.setItem("sacmes.look", '{"theme": "pink", "current_unit": 7, "potential_unit": "volt"}');
  expect(new LookState().now).toEqual({
    theme: "system", potential_from_right: false, current_unit: "auto", potential_unit: "volt",
  });
  localStorage.setItem("sacmes.look", "{");
  expect(new LookState().now.theme).toBe("system");
});

test("the direction that an earlier version kept holds on", () => {
  localStorage.removeItem("sacmes.look");
  localStorage.setItem("sacmes.potential_from_right", "true");
  expect(new LookState().now.potential_from_right).toBe(true);
});

test("a unit that was chosen holds for every number of its kind, and for no other", () => {
  look.choose({ current_unit: "nanoampere", potential_unit: "millivolt" });
  expect(quantity(2.5e-6, "A")).toBe("2500\u202fnA");
  expect(quantity(-0.2345, "V")).toBe("\u2212234.5\u202fmV");
  expect(quantity(2.5e-6, "VA")).toBe("2.500\u202fµV·A");
  expect(scaleFor("A", 0).text).toBe("nA");
  look.choose({ current_unit: "auto" });
  expect(quantity(2.5e-6, "A")).toBe("2.500\u202fµA");
});

test("listeners are told once the tokens have followed", () => {
  const seen = vi.fn(() => document.documentElement.dataset["theme"]);
  const end = scheme.onChange(seen);
  look.choose({ theme: "dark" });
  look.choose({ theme: "dark", current_unit: "nanoampere" });
  look.choose({ theme: "light" });
  end();
  look.choose({ theme: "dark" });
  expect(seen.mock.results.map(({ value }) => value)).toEqual(["dark", "light"]);
});
