import { describe, expect, it } from "vitest";

import { demoPlatform } from "../../platform/demo/platform";
import { Holds, holdsOf } from "./holds.svelte";

const FIRST = { session: "a", index: 1 };
const SECOND = { session: "b", index: null };

describe("held maps", () => {
  it("are held under names of their own, and let go", () => {
    const holds = new Holds();
    holds.hold(FIRST, " Buffer ");
    holds.hold(SECOND, "Buffer");
    expect(holds.list.map(({ name }) => name)).toEqual(["Buffer", "Buffer (2)"]);
    holds.remove(holds.list[0]?.key ?? "");
    expect(holds.list.map(({ session }) => session)).toEqual(["b"]);
  });

  it("are held once: holding again gives another name", () => {
    const holds = new Holds();
    holds.hold(FIRST, "Buffer");
    holds.hold(SECOND, "Target");
    holds.hold(FIRST, "Blank");
    expect(holds.list.map(({ name }) => name)).toEqual(["Blank", "Target"]);
    expect(holds.find(FIRST)?.name).toBe("Blank");
  });

  it("are renamed, but not to nothing, and put aside", () => {
    const holds = new Holds();
    holds.hold(FIRST, "Buffer");
    const key = holds.find(FIRST)?.key ?? "";
    holds.rename(key, "  ");
    expect(holds.find(FIRST)?.name).toBe("Buffer");
    holds.rename(key, "Serum");
    holds.show(key, false);
    expect(holds.find(FIRST)).toMatchObject({ name: "Serum", isShown: false });
  });

  it("are those of a window and of the agent that it shows, whichever screen asks", () => {
    const here = demoPlatform("?scene=empty");
    holdsOf(here).hold(FIRST, "Buffer");
    expect(holdsOf(here).list).toHaveLength(1);
    expect(holdsOf(demoPlatform("?scene=empty")).list).toHaveLength(0);
  });
});
