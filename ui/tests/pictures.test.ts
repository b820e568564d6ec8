// Every screen in every state of which there is a picture, in the light, in the dark and on a phone: axe finds no fault.

import { afterAll, beforeAll, expect, test } from "vitest";

import { PICTURES } from "../pictures/list.mjs";
import { SIZES, Studio } from "../pictures/studio.mjs";
import { faultsOf } from "./stage/accessibility";

let studio: Studio;

beforeAll(async () => {
  studio = await Studio.open();
});
afterAll(() => studio.close());

test.each(PICTURES.map((picture) => [picture.name, picture] as const))("%s", async (_name, picture) => {
  const faults = await studio.look(picture, "large", "light", async (page) => {
    const light = await faultsOf(page);
    // Another scheme changes nothing but colours.
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await faultsOf(page, ["color-contrast"]);
    await page.setViewportSize(SIZES.phone);
    return { light, dark, phone: await faultsOf(page) };
  });
  expect(faults).toEqual({ light: [], dark: [], phone: [] });
});
