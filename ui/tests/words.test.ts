// What people read where something does not go on, word for word.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { type Laboratory, Stage } from "./stage/stage";

let stage: Stage;
let lab: Laboratory;

beforeAll(async () => {
  stage = await Stage.set();
  lab = await stage.laboratory("Titration", 4, 2);
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(() => stage.end());

test("no code, and a code with a typing error", async () => {
  const ada = await stage.visitor();
  await ada.opens();
  await ada.page.getByRole("button", { name: "Follow", exact: true }).click();
  await ada.reads("No code was given. Paste the User ID or the view-only code that you were given.");
  const { viewOnlyCode } = lab.agent;
  const last = viewOnlyCode.at(-1) === "0" ? "1" : "0";
  await ada.pastes(viewOnlyCode.slice(0, -1) + last);
  await ada.reads("This is not a valid code. Copy it once more as a whole: a User ID has 36 characters, a view-only code 63.");
  await ada.pastes(lab.agent.userId.slice(0, -1));
  await ada.reads("This is not a valid code.");
  expect(await ada.faults()).toEqual([]);
  await ada.pastes(`  ${viewOnlyCode.toUpperCase()}\n`);
  await ada.looksAt("Titration");
});

test("a link that was cut off", async () => {
  const ada = await stage.visitor();
  await ada.opens(lab.agent.viewOnlyCode.slice(0, 40));
  await ada.reads("This is not a valid code.");
  expect(ada.page.url()).toBe(stage.wire.page);
  await ada.pastes(lab.agent.viewOnlyCode);
  await ada.looksAt("Titration");
});

test("a code of which no relay has heard", async () => {
  const ada = await stage.visitor();
  await ada.follows("3b241101-e2bb-4255-8caf-4136c566a962");
  await ada.reads(
    "No agent is online for this code. The relay has not seen one yet.",
  );
  await ada.reads("SACMES must be running on the computer that records, with sharing turned on. This page goes on by itself as soon as it is.");
  await ada.shows("words-no-agent");
  expect(await ada.faults()).toEqual([]);
});

test("an agent that has ended, and when it was last seen; who waits sees it come back", async () => {
  const ada = await stage.visitor();
  await lab.agent.end();
  await ada.opens(lab.agent.viewOnlyCode);
  await ada.reads(/^No agent is online for this code\. The relay saw it last on \d+ \w+ \d{4}, \d\d:\d\d\.$/);
  await lab.agent.again();
  await ada.looksAt("Titration");
  await ada.sees(2);
});

test("a view-only code that was renewed; those with the User ID notice nothing", async () => {
  const [ada, ben] = await Promise.all([stage.visitor(), stage.visitor()]);
  const old = lab.agent.viewOnlyCode;
  await ben.opens(old);
  await ben.looksAt("Titration");
  await ada.follows(lab.agent.userId);
  await ada.looksAt("Titration");
  await lab.agent.renewViewOnlyCode();
  expect(lab.agent.viewOnlyCode).not.toBe(old);
  await ben.reads("This view-only code was renewed and is no longer valid.");
  await ben.reads("Ask whoever gave it to you for the new one.");
  await ben.shows("words-renewed");
  await ada.isLive();
  await lab.instrument.save(3, 3);
  await ada.sees(3);

  await ben.page.getByRole("button", { name: "Enter another code" }).click();
  await ben.pastes(lab.agent.viewOnlyCode);
  await ben.looksAt("Titration");
  await ben.sees(3);

  const late = await stage.visitor();
  await late.opens(old);
  await late.reads("This view-only code was renewed and is no longer valid.");
});

test("a User ID that was renewed ends what both old codes open", async () => {
  const [ada, ben] = await Promise.all([stage.visitor(), stage.visitor()]);
  await ada.follows(lab.agent.userId);
  await ben.opens(lab.agent.viewOnlyCode);
  await Promise.all([ada.looksAt("Titration"), ben.looksAt("Titration")]);
  await lab.agent.renewUserId();
  for (const visitor of [ada, ben]) {
    await visitor.reads("The User ID of this code was renewed: nobody can follow it any more.");
    await visitor.reads("Ask its owner for the new User ID or view-only code.");
  }
  await ada.page.getByRole("button", { name: "Enter another code" }).click();
  await ada.pastes(lab.agent.userId);
  await ada.looksAt("Titration");
});

test("a page that came over plain http from another computer unseals nothing, and says what to do", async () => {
  const ada = await stage.visitor();
  // The browser's own word on plain http.
  ada.expected = [/Cross-Origin-Opener-Policy header has been ignored/];
  await ada.page.goto(stage.wire.page.replace("localhost", "lab.example"));
  await ada.reads("This page was not loaded over https, so that the browser cannot unseal anything.");
  await ada.page.getByRole("button", { name: "Follow", exact: true }).click({ force: true });
  await ada.reads("The browser cannot unseal anything here.");
});

test("a session that is deleted while somebody looks at it", async () => {
  const doomed = await stage.laboratory("Doomed", 2, 2);
  const [ada, ben] = await Promise.all([stage.visitor(), stage.visitor()]);
  await ada.follows(doomed.agent.userId);
  await ben.opens(doomed.agent.viewOnlyCode);
  await Promise.all([ada.looksAt("Doomed"), ben.looksAt("Doomed")]);
  await ada.page.getByRole("button", { name: "Stop", exact: true }).click();
  await ada.page.getByRole("dialog").getByRole("button", { name: "Stop the session" }).click();
  await ada.page.getByRole("button", { name: "Delete the session" }).click();
  await ada.page.getByRole("dialog").getByRole("button", { name: /^Delete/ }).click();
  await ben.reads("This session was deleted by its owner.");
  await ben.page.getByRole("button", { name: "To the start" }).click();
  await ben.reads("The computer that records has no session yet. One that is begun there appears here by itself.");
});
