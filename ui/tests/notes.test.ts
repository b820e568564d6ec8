// Notes from afar: the owner writes, whoever may only look sees what belongs to the experiment.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { Visitor } from "./stage/browser";
import { type Laboratory, Stage } from "./stage/stage";

const VIEW_ONLY = "This is a view-only code: it lets you look, and only the holder of the User ID can change something.";

let stage: Stage;
let lab: Laboratory;

beforeAll(async () => {
  stage = await Stage.set();
  lab = await stage.laboratory("Titration", 6, 4);
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(() => stage.end());

async function opensNotes({ page }: Visitor): Promise<void> {
  await page.getByRole("navigation").getByRole("button", { name: "Notes" }).click();
  await page.getByRole("heading", { name: "Notes", level: 1 }).waitFor();
}

async function writes({ page }: Visitor, text: string, topics: string): Promise<void> {
  await page.getByLabel("Note", { exact: true }).fill(text);
  await page.getByLabel("Topics", { exact: true }).fill(topics);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("article").filter({ hasText: text }).waitFor();
}

test("the owner writes from afar, and it appears where others look; who may only look sees the session's notes", async () => {
  const [ada, eve, ben] = await Promise.all([stage.visitor(), stage.visitor(), stage.visitor()]);
  await ada.follows(lab.agent.userId);
  await eve.follows(lab.agent.userId);
  await ben.opens(lab.agent.viewOnlyCode);
  await Promise.all([ada.looksAt("Titration"), eve.looksAt("Titration"), ben.looksAt("Titration")]);
  await Promise.all([opensNotes(ada), opensNotes(eve), opensNotes(ben)]);
  await ben.reads("With a view-only code you see the notes about sessions.");
  await ben.reads("No note about a session yet. One that its owner writes appears here by itself.");

  await ada.page.getByRole("button", { name: "Write the first note" }).click();
  await writes(ada, "Order more chips before Friday", "Chips");
  await eve.reads("Order more chips before Friday");

  await ada.page.getByRole("button", { name: "New note" }).click();
  await ada.page.getByLabel("About").selectOption({ label: "Session “Titration”" });
  await writes(ada, "10 µM ATP injected at noon", "ATP, Buffer");
  for (const visitor of [eve, ben]) await visitor.reads("10 µM ATP injected at noon");
  await ada.page.getByRole("article").filter({ hasText: "from afar, with the User ID" }).first().waitFor();
  expect(await ben.page.getByText("Order more chips").count()).toBe(0);
  expect(await ben.page.getByRole("article").count()).toBe(1);
  await ben.page.getByRole("button", { name: "New note", description: VIEW_ONLY }).waitFor();
  await ben.page.getByRole("button", { name: "Delete the note", description: VIEW_ONLY }).waitFor();
  for (const visitor of [ada, ben]) expect(await visitor.faults()).toEqual([]);
  await ada.shows("notes-owner");
  await ben.shows("notes-view-only");

  await ben.page.getByRole("button", { name: /^Titration/ }).first().click();
  await ben.page.getByRole("tab", { name: "Notes" }).click();
  await ben.page.getByRole("tabpanel").getByText("10 µM ATP injected at noon").waitFor();
  await ben.page.getByRole("button", { name: "Add a note", description: VIEW_ONLY }).waitFor();
});

test("words are found and marked, a topic's notes are deleted after their number was said", async () => {
  const ada = await stage.visitor();
  const { page } = ada;
  await ada.follows(lab.agent.userId);
  await ada.looksAt("Titration");
  await opensNotes(ada);
  await page.getByLabel("Search").fill("inj 10");
  await page.getByRole("status").filter({ hasText: "1 note with “inj 10”" }).waitFor();
  expect(await page.locator("mark").allTextContents()).toEqual(["10", "injected"]);
  await page.getByLabel("Search").fill("");
  await page.getByRole("group", { name: "Filter by topic" }).getByRole("button", { name: "Chips" }).click();
  await page.getByRole("button", { name: "Delete all about “Chips”…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/1 note with this topic goes/).waitFor();
  expect(await ada.faults()).toEqual([]);
  await dialog.getByRole("button", { name: "Delete 1 note" }).click();
  await page.getByText("Order more chips").waitFor({ state: "detached" });
  await page.getByRole("article").filter({ hasText: "10 µM ATP" }).waitFor();
});

test("a pasted text becomes several notes at once, with the keyboard alone, and what was missed without a connection is there after it", async () => {
  const [ada, eve] = await Promise.all([stage.visitor(), stage.visitor()]);
  await ada.follows(lab.agent.userId);
  await eve.follows(lab.agent.userId);
  await Promise.all([ada.looksAt("Titration"), eve.looksAt("Titration")]);
  await Promise.all([opensNotes(ada), opensNotes(eve)]);
  const { page } = ada;
  await page.getByRole("button", { name: "Paste and split…" }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Text", { exact: true }).focus();
  await page.keyboard.insertText("# Buffer\nPBS, pH 7.4\n\n# Cell\nnew O-ring\n");
  await page.getByRole("region", { name: "Preview" }).getByText("This makes 2 notes").waitFor();
  expect(await ada.faults()).toEqual([]);
  await ada.shows("notes-split");
  await page.getByRole("button", { name: "Add 2 notes" }).focus();
  await page.keyboard.press("Enter");
  for (const visitor of [ada, eve]) await visitor.page.getByRole("article").filter({ hasText: "new O-ring" }).waitFor();
  // The agent is started again, so that nobody hears what is written meanwhile.
  eve.expected = [/WebSocket connection to .* failed|net::ERR_/];
  await lab.agent.end();
  await lab.agent.writesNote("Written while nobody was connected");
  await lab.agent.again();
  for (const visitor of [ada, eve]) await visitor.reads("Written while nobody was connected");
});
