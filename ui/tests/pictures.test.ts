// Every screen looks as it did when somebody last looked at it and kept the picture (`npm run screenshots -- --keep NAME`).

import { mkdir, readFile, writeFile } from "node:fs/promises";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { difference, reduced } from "../pictures/likeness.mjs";
import { isCompared, fileName, PICTURES } from "../pictures/list.mjs";
import { type Scheme, type Size, Studio } from "../pictures/studio.mjs";

const KEPT = new URL("../pictures/kept/", import.meta.url);
const TAKEN = new URL("../../test-output/pictures/", import.meta.url);
/** Share of the pixels: less than a word that changed. */
const MOST_DIFFERENT = 0.002;

const all = PICTURES.flatMap((picture) =>
  (["large", "small", "phone"] as Size[]).flatMap((size) =>
    (["light", "dark"] as Scheme[]).filter((scheme) => isCompared(picture, size, scheme)).map((scheme) => ({ picture, size, scheme, file: fileName(picture, size, scheme) })),
  ),
);

let studio: Studio;
let page: Page;
beforeAll(async () => {
  studio = await Studio.open();
  page = await studio.browser.newPage();
  await mkdir(TAKEN, { recursive: true });
}, 120_000);
afterAll(() => studio.close());

test.each(all)("$file", { timeout: 60_000 }, async ({ picture, size, scheme, file }) => {
  const png = await studio.take(picture, size, scheme);
  await writeFile(new URL(`${file}.png`, TAKEN), png);
  const kept = await readFile(new URL(`${file}.webp`, KEPT));
  const share = await difference(page, await reduced(page, png), kept);
  expect(share, `compare test-output/pictures/${file}.png with ui/pictures/kept/${file}.webp; keep it if it is right`).toBeLessThan(MOST_DIFFERENT);
});
