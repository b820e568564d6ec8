// What a person does before the picture is taken.

/** @typedef {import("playwright-core").Page} Page */

/** In a narrow window the list of sessions is folded away. @param {Page} page */
export async function showList(page) {
  const list = page.getByRole("button", { name: "Show the list of sessions" });
  if (await list.isVisible()) await list.click();
}

/** @param {Page} page @param {RegExp} session */
export async function openSession(page, session) {
  await showList(page);
  await page.getByRole("navigation").getByRole("button", { name: session }).click();
}

/** @param {Page} page */
export const openLive = (page) => openSession(page, /^ATP titration/);

/** @param {Page} page */
export const openCv = (page) => openSession(page, /^Methylene blue/);

/** @param {Page} page */
export const openCa = (page) => openSession(page, /^Reporter kinetics/);

/** @param {Page} page */
export async function openNotes(page) {
  await showList(page);
  await page.getByRole("navigation").getByRole("button", { name: "Notes" }).click();
  await page.getByRole("heading", { name: "Notes", level: 1 }).waitFor();
}

/** @param {Page} page @param {string} tab */
export async function openInspector(page, tab) {
  await openLive(page);
  const show = page.getByRole("button", { name: "Show settings, files and markers" });
  if (await show.isVisible()) await show.click();
  await page.getByRole("tab", { name: tab }).click();
}

/** @param {Page} page */
export async function openShare(page) {
  await openLive(page);
  await page.getByRole("banner").or(page.locator("main header")).getByRole("button", { name: "Share" }).first().click();
}

/** @param {Page} page @param {string} name */
export async function openMap(page, name) {
  await showList(page);
  await page.getByRole("navigation").getByRole("button", { name: new RegExp(`^${name}`) }).click();
}

/** @param {Page} page @param {string} index @param {string} name */
export async function holdMap(page, index, name) {
  await page.getByRole("button", { name: "Hold map…" }).click();
  const dialog = page.getByRole("dialog", { name: "Hold a map" });
  await dialog.getByLabel("Map").selectOption({ label: `Map ${index}` });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Hold" }).click();
}

/** @param {Page} page */
export async function compareMaps(page) {
  await openMap(page, "Map of chip 14");
  await holdMap(page, "1", "Buffer");
  await holdMap(page, "6", "10 µM target");
  await page.getByRole("button", { name: /^Compare maps/ }).click();
  await page.getByRole("toolbar", { name: "Frequency" }).getByRole("button", { name: /^200/ }).click();
}

/** @param {Page} page */
export async function openSettings(page) {
  await showList(page);
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
}

/** @param {Page} page @param {RegExp[]} names @param {string} [alignment] */
export async function compare(page, names, alignment) {
  await showList(page);
  await page.getByRole("navigation").getByRole("button", { name: "Compare", exact: true }).click();
  for (const name of names) await page.getByRole("checkbox", { name }).click();
  if (names.length > 0) await page.getByRole("button", { name: "Done" }).click();
  if (alignment) await page.getByLabel("Aligned").selectOption(alignment);
}
export const CHIPS = [/^Chip 21, fresh/, /^Chip 21, after/, /^Chip 22/, /^Chip 23/];

/** @param {Page} page @param {string} form */
export async function openExport(page, form) {
  await openLive(page);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("dialog").getByLabel(form).check();
}

/** @param {Page} page */
export const openFolder = (page) => page.getByRole("button", { name: "Watch a folder" }).click();

/** @param {Page} page */
export async function openProfiles(page) {
  await openSettings(page);
  await page.getByRole("button", { name: "Switch to Teaching" }).waitFor();
}

/** Moves the lower end of the baseline at the highest frequency. @param {Page} page */
export async function markLowerEnd(page) {
  const card = page.getByRole("article", { name: "Sweep at 200 Hz" });
  await card.getByRole("button", { name: "Mark by hand" }).click();
  // Once a plot that was out of sight is drawn, its handles are in their places.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await card.getByRole("slider", { name: "Lower end of the baseline" }).focus();
  await page.keyboard.press("Shift+ArrowRight");
  await card.getByText("Preview").waitFor();
}
