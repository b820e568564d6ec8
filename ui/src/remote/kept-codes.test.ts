import { beforeEach, expect, test, vi } from "vitest";

import { codeIn, takeCode } from "./arrival";
import { closeCode, forgetAgent, openCode, openedCode, rememberAgent, rememberedAgents } from "./kept-codes";

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
});

/** A page at an address with this fragment. */
function arriveWith(hash: string): { replaced: unknown[] } {
  const replaced: unknown[] = [];
  const location = { hash, pathname: "/", search: "?x" } as Location;
  const history = { state: null, replaceState: (...args: unknown[]) => replaced.push(args[2]) } as unknown as History;
  takeCode(location, history, sessionStorage);
  return { replaced };
}

test("the code of a link moves to this tab's memory and leaves the address, whatever it is", () => {
  expect(arriveWith("#04003kq8").replaced).toEqual(["/?x"]);
  expect(openedCode()).toBe("04003kq8");
  expect(arriveWith("#%7B0b5c%7D").replaced).toEqual(["/?x"]);
  expect(openedCode()).toBe("{0b5c}");
  expect(arriveWith("#100%").replaced).toEqual(["/?x"]);
  expect(openedCode()).toBe("100%");
});

test("a page without a code changes nothing, so that a reload keeps what is followed", () => {
  openCode("04003kq8");
  expect(arriveWith("").replaced).toEqual([]);
  expect(openedCode()).toBe("04003kq8");
  closeCode();
  expect(openedCode()).toBeNull();
});

test("a whole link may be pasted", () => {
  expect(codeIn("https://relay.example.org/#04003kq8")).toBe("04003kq8");
  expect(codeIn(" 04003kq8 ")).toBe(" 04003kq8 ");
});

test("codes are remembered once each, and forgotten without a trace", () => {
  rememberAgent({ name: "Room 214", code: "a" });
  rememberAgent({ name: "Room 7", code: "b" });
  rememberAgent({ name: "Room 214, left", code: "a" });
  expect(rememberedAgents()).toEqual([
    { name: "Room 7", code: "b" },
    { name: "Room 214, left", code: "a" },
  ]);
  forgetAgent("b");
  forgetAgent("a");
  expect(localStorage.length).toBe(0);
});

test.each(["{", "3", '[{"name":1,"code":"a"},null,"x"]'])("what cannot be read, such as %s, is as if it were not there", (kept) => {
  localStorage.setItem("sacmes.agents", kept);
  expect(rememberedAgents()).toEqual([]);
});

test("in a browser that keeps nothing the page keeps the code for itself", async () => {
  vi.resetModules();
  vi.spyOn(globalThis, "sessionStorage", "get").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  const kept = await import("./kept-codes");
  kept.openCode("a");
  expect(kept.openedCode()).toBe("a");
  kept.closeCode();
  expect(kept.openedCode()).toBeNull();
});

test("following a code keeps it in no other place than this tab", () => {
  const set = vi.spyOn(Storage.prototype, "setItem");
  openCode("a");
  expect(set.mock.instances).toEqual([sessionStorage]);
});
