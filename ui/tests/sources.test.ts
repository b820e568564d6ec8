// Where sessions come from, as the owner of a User ID meets it from afar: files that are opened there, simulated instruments, and
// sessions that expire.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { Instrument } from "./stage/instrument";
import { type Laboratory, Stage } from "./stage/stage";

let stage: Stage;
let lab: Laboratory;
let own: string;

beforeAll(async () => {
  stage = await Stage.set();
  lab = await stage.laboratory("Titration", 4, 2);
  own = await mkdtemp(join(tmpdir(), "sacmes-"));
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(async () => {
  await stage.end();
  await rm(own, { recursive: true });
});

test("files that lie there are looked into, opened as a temporary session, and kept with a click", async () => {
  const other = new Instrument(own, join(own, "last week"));
  await other.prepare(3);
  await other.save(1, 3);
  await writeFile(join(other.folder, "photo.jpg"), Buffer.from([0xff, 0xd8, 0, 0, 3, 9, 200, 7].flatMap((byte) => Array<number>(200).fill(byte))));
  const ada = await stage.visitor();
  await ada.follows(lab.agent.userId);
  await ada.page.getByRole("button", { name: "Open files" }).click();
  await ada.page.getByLabel("Folder", { exact: true }).fill(other.folder);
  const found = ada.page.getByRole("region", { name: "What was found" });
  await found.getByText(/7 files/).waitFor();
  await found.getByRole("region", { name: "Not understood" }).getByText("photo.jpg").waitFor();
  expect(await ada.page.getByLabel("Measured as").inputValue()).toBe("swv");
  // The broken file is in no place of the table: three files of each frequency, and one column for each.
  const table = ada.page.getByRole("table", { name: "Files of each electrode and frequency" });
  expect(await table.getByRole("row").allInnerTexts()).toEqual([
    expect.stringMatching(/Electrode\s+15.Hz\s+200.Hz/u),
    expect.stringMatching(/E1\s+3\s+3/u),
    expect.stringMatching(/E2\s+3\s+3/u),
  ]);
  await ada.page.getByRole("checkbox", { name: /^Temporary: deleted 1 day after/ }).waitFor();
  await ada.shows("open-there");
  await ada.page.getByRole("button", { name: "Start", exact: true }).click();
  await ada.page.getByRole("heading", { name: "last week", level: 1 }).waitFor();
  await ada.page.getByText("expires in 23 h").first().waitFor();
  expect((await lab.agent.session("last week")).expires_after_s).toBe(86_400);
  await ada.page.getByRole("button", { name: "Keep", exact: true }).click();
  await ada.page.getByRole("button", { name: "Keep", exact: true }).waitFor({ state: "detached" });
  expect(await lab.agent.session("last week")).toMatchObject({ expires_after_s: null, expires_at: null, files_skipped: 1 });
});

test("whoever only looks sees when a session expires, and why it cannot be kept from there", async () => {
  const [ada, ben] = await Promise.all([stage.visitor(), stage.visitor()]);
  await ada.follows(lab.agent.userId);
  await ada.page.getByRole("button", { name: "Open files" }).click();
  await ada.page.getByLabel("Folder", { exact: true }).fill(lab.instrument.folder);
  await ada.page.getByLabel("Name", { exact: true }).fill("Looked at once");
  await ada.page.getByRole("button", { name: "Start", exact: true }).click();
  await ada.page.getByRole("heading", { name: "Looked at once", level: 1 }).waitFor();
  await ben.opens(lab.agent.viewOnlyCode);
  await ben.looksAt("Looked at once");
  await ben.page.getByText("expires in 23 h").first().waitFor();
  const keep = ben.page.getByRole("button", { name: "Keep", exact: true });
  expect(await keep.getAttribute("aria-disabled")).toBe("true");
  expect(await keep.getAttribute("title")).toMatch(/view-only code/);
  // Another time, chosen by the owner, appears to both.
  await ada.page.getByLabel("How long it stays after its end").selectOption({ label: "stays 7 days" });
  await ben.page.getByText("expires in 6 days").first().waitFor();
});

test("a simulated instrument of another technique starts there with a click", async () => {
  const ada = await stage.visitor();
  await ada.follows(lab.agent.userId);
  await ada.page.getByRole("button", { name: "CV: simulate cyclic voltammetry" }).click();
  const heading = ada.page.getByRole("heading", { name: /^Simulated cyclic voltammetry/, level: 1 });
  await heading.waitFor();
  const session = await lab.agent.session((await heading.innerText()).trim());
  expect(session).toMatchObject({ technique: "cv", source: "simulated", files_expected: 60 });
});

test("files that are dragged into the browser are refused with the reason, and the page stays", async () => {
  const ada = await stage.visitor();
  await ada.follows(lab.agent.userId);
  const drag = (kind: string): Promise<boolean> =>
    ada.page.evaluate((type) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["1,2\n"], "scan.txt", { type: "text/plain" }));
      return document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }, kind);
  // The browser may not do what it would do by itself: leave the page for the file.
  expect(await drag("dragover")).toBe(false);
  await ada.page.getByText("Files cannot be dropped here").waitFor();
  await ada.reads(/Copy them to the computer that records/);
  expect(await drag("drop")).toBe(false);
  await ada.page.getByText("Files cannot be dropped here").waitFor({ state: "detached" });
});
