// Pictures of every screen in every state, into ../test-output/pictures/. Any error on a page fails the run.
// `npm run screenshots -- start` takes only those whose name contains the word; `--keep` keeps them as what the tests compare with,
// `--docs` those that README and docs show.

import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { DOCUMENTED, fileName, isCompared, PICTURES } from "./list.mjs";
import { reduced } from "./likeness.mjs";
import { SIZES, Studio } from "./studio.mjs";

const TAKEN = fileURLToPath(new URL("../../test-output/pictures/", import.meta.url));
const KEPT = fileURLToPath(new URL("./kept/", import.meta.url));
const DOCS = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));

const options = process.argv.slice(2).filter((word) => word.startsWith("--"));
const wanted = process.argv.slice(2).find((word) => !word.startsWith("--")) ?? "";
await mkdir(TAKEN, { recursive: true });
await mkdir(KEPT, { recursive: true });
const studio = await Studio.open(options.includes("--keep") ? "own" : "system");
const page = await studio.browser.newPage();
/** @type {string[]} */
const failures = [];
for (const picture of PICTURES.filter(({ name }) => name.includes(wanted))) {
  for (const size of /** @type {import("./studio.mjs").Size[]} */ (Object.keys(SIZES))) {
    if (size === "phone" && !picture.onPhone) continue;
    for (const scheme of /** @type {const} */ (["light", "dark"])) {
      const file = fileName(picture, size, scheme);
      const isKept = options.includes("--keep") && isCompared(picture, size, scheme);
      const shown = options.includes("--docs") ? DOCUMENTED[file] : undefined;
      if (options.length > 0 && !isKept && !shown) continue;
      try {
        const png = await studio.take(picture, size, scheme);
        await writeFile(`${TAKEN}${file}.png`, png);
        if (isKept) await writeFile(`${KEPT}${file}.webp`, await reduced(page, png));
        if (shown) await writeFile(`${DOCS}${shown}.png`, png);
      } catch (error) {
        failures.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
await studio.close();
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.stdout.write(`pictures are in ${TAKEN}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
