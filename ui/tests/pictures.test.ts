// Every screen in every state of which there is a picture: it looks as it did when somebody last looked at it and kept the picture
// (`npm run screenshots -- --keep NAME`), and axe finds no fault with it.

import { mkdir, readFile, writeFile } from "node:fs/promises";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { difference, reduced } from "../pictures/likeness.mjs";
import { fileName, PICTURES, testedAs } from "../pictures/list.mjs";
import { atRest, Studio } from "../pictures/studio.mjs";
import { faultsOf } from "./stage/accessibility";

const KEPT = new URL("../pictures/kept/", import.meta.url);
const TAKEN = new URL("../../test-output/pictures/", import.meta.url);
/** Share of the pixels: less than a control that moved. An axis that came to hold a little more on its way is no difference. */
const MOST_DIFFERENT = 0.01;

let studio: Studio;
let page: Page;
beforeAll(async () => {
  studio = await Studio.open("own");
  page = await studio.browser.newPage();
  await mkdir(TAKEN, { recursive: true });
});
afterAll(() => studio.close());

test.each(PICTURES.map((picture) => [picture.name, picture] as const))("%s", async (_name, picture) => {
  const { size, scheme } = testedAs(picture);
  const { png, faults } = await studio.look(picture, size, scheme, async (shown) => ({
    png: await atRest(shown, picture.moves ?? false),
    faults: await faultsOf(shown),
  }));
  expect(faults).toEqual([]);
  // What goes on by itself is never the same twice.
  if (picture.moves) return;
  const file = fileName(picture, size, scheme);
  await writeFile(new URL(`${file}.png`, TAKEN), png);
  const kept = await readFile(new URL(`${file}.webp`, KEPT));
  const share = await difference(page, await reduced(page, png), kept);
  expect(share, `compare test-output/pictures/${file}.png with ui/pictures/kept/${file}.webp; keep it if it is right`).toBeLessThan(MOST_DIFFERENT);
});
