// What both implementations of the protocol must agree on, byte for byte. `tests/wire/vectors.json` is written by a test of the
// crate `protocol`; a field that one side changes alone fails here or there.

import { expect, test } from "vitest";

import { readColumns } from "../platform/columns";
import type { AgentStatus } from "../protocol/AgentStatus";
import type { Order } from "../protocol/Order";
import type { Question } from "../protocol/Question";
import { readAnswer } from "./answer";
import { type Bytes, fromHex, hex, sha256, textOf, utf8 } from "./bytes";
import { CodeError, codeText, readCode, readUserId, readViewOnlyCode } from "./codes";
import { putOpening, readDirect } from "./direct";
import { unpackEntries } from "./entries";
import { jsonBytes } from "./json";
import { type CodeKeys, derive, keysOf, ownerOf, sealingKeyBytes } from "./keys";
import { putFromViewer, putToViewer, readFromViewer, readToViewer } from "./messages";
import { scriptedVerifier, verifierOf } from "./owner";
import { DICTIONARY, unpack } from "./packing";
import { DownOpener, SealingKey, UpSealer } from "./sealing";
import { named, vectors, whole } from "./testing/vectors";

const { codes, frames, messages, bodies } = vectors;
const AGENT = fromHex(codes.sealing_keys.agent_run);
const VIEWER = fromHex(codes.sealing_keys.viewer_run);
const VISIT = fromHex(codes.sealing_keys.visit);
const EPOCH = fromHex(frames.epoch);
const VERSIONS = { lowest: 1, highest: 1, program: "0.1.0" };
const POSITION = { epoch: EPOCH, run: AGENT, offset: 0x01020304 };

async function owned(): Promise<CodeKeys & { controlKey: Bytes }> {
  const keys = await keysOf(await readCode(codes.user_id), 1);
  return { ...keys, controlKey: keys.controlKey ?? new Uint8Array() };
}

test.each(codes.user_ids)("$text is read as a User ID as in Rust", async ({ text, read, error }) => {
  const outcome = await attempt(async () => codeText({ kind: "user_id", root: readUserId(text) }));
  expect(outcome).toEqual({ read, error });
});

test.each(codes.view_only_codes)("$text is read as a view-only code as in Rust", async ({ text, read, error }) => {
  expect(await attempt(async () => codeText(await readViewOnlyCode(text)))).toEqual({ read, error });
});

async function attempt(read: () => Promise<string>): Promise<{ read: string | null; error: string | null }> {
  try {
    return { read: await read(), error: null };
  } catch (thrown) {
    if (thrown instanceof CodeError) return { read: null, error: thrown.fault };
    throw thrown;
  }
}

test("owner, channel and control key follow from the User ID", async () => {
  const keys = await owned();
  expect(hex(await ownerOf(readUserId(codes.user_id)))).toBe(codes.owner_public);
  expect(hex(keys.channel)).toBe(codes.channel);
  expect(hex(keys.controlKey)).toBe(codes.control_key);
});

test.each(codes.generations)("generation $generation: the same from the User ID and from its view-only code", async (of) => {
  const byId = await keysOf(await readCode(codes.user_id), of.generation);
  const byCode = await keysOf(await readCode(of.code), 1);
  for (const keys of [byId, byCode]) {
    expect(hex(keys.channel)).toBe(codes.channel);
    expect(hex(keys.viewKey)).toBe(of.view_key);
    expect(hex(keys.joinToken)).toBe(of.join_token);
    expect(keys.generation).toBe(of.generation);
  }
  expect(byCode.controlKey).toBeNull();
});

test("each run and direction has its key", async () => {
  const { channel, viewKey, controlKey } = await owned();
  const derived = {
    down: await sealingKeyBytes(viewKey, channel, [AGENT], "down"),
    open: await sealingKeyBytes(viewKey, channel, [VIEWER], "open"),
    query: await sealingKeyBytes(viewKey, channel, [VIEWER, VISIT], "query"),
    command: await sealingKeyBytes(controlKey, channel, [VIEWER, VISIT], "command"),
  };
  for (const [purpose, key] of Object.entries(derived)) {
    expect(hex(key), purpose).toBe(codes.sealing_keys[purpose as keyof typeof derived]);
  }
});

test("HKDF-SHA256 gives what RFC 5869 says", async () => {
  const okm = await derive(new Uint8Array(22).fill(11), fromHex("000102030405060708090a0b0c"), fromHex("f0f1f2f3f4f5f6f7f8f9"), 42);
  expect(hex(okm)).toBe("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
});

test.each(frames.from_agent)("a frame of the agent is opened: $what", async ({ plain, fields }) => {
  const owner = fromHex(codes.owner_public);
  for (const verify of [await verifierOf(owner), scriptedVerifier(owner)]) {
    const opened = await new DownOpener(await owned(), verify).open(EPOCH, whole(fields));
    expect(hex(opened.plain)).toBe(plain);
    expect(hex(opened.header.run)).toBe(codes.sealing_keys.agent_run);
  }
});

test("where a frame of the agent goes stands in its header", async () => {
  const opener = new DownOpener(await owned(), await verifierOf(fromHex(codes.owner_public)));
  const headers = [];
  for (const { fields } of frames.from_agent) headers.push((await opener.open(EPOCH, whole(fields))).header);
  expect(headers.map(({ destination }) => destination)).toEqual([
    { kind: "log", first: 7, last: 306 },
    { kind: "latest", key: 1 },
    { kind: "direct", viewer: VIEWER },
  ]);
  expect(headers.map(({ counter }) => counter)).toEqual([0, 1, 2]);
});

test("frames of a viewer are sealed to the same bytes", async () => {
  const { channel, viewKey, controlKey } = await owned();
  const sealers = {
    open: new UpSealer(await SealingKey.derive(viewKey, channel, [VIEWER], "open"), "open", 1, VIEWER, null),
    query: new UpSealer(await SealingKey.derive(viewKey, channel, [VIEWER, VISIT], "query"), "query", 1, VIEWER, AGENT),
    command: new UpSealer(await SealingKey.derive(controlKey, channel, [VIEWER, VISIT], "command"), "command", 1, VIEWER, AGENT),
  };
  expect(frames.from_viewer.length).toBe(5);
  for (const { what, plain, fields } of frames.from_viewer) {
    const sealed = await sealers[what as keyof typeof sealers].seal(fromHex(plain));
    expect(hex(sealed), what).toBe(hex(whole(fields)));
  }
});

test("messages of a viewer are written to the same bytes, and read", async () => {
  const { channel, joinToken } = await owned();
  const hello = { channel, joinToken, versions: VERSIONS, position: POSITION };
  const written = {
    hello: { message: "hello", hello },
    "hello without a position": { message: "hello", hello: { ...hello, position: null } },
    frame: { message: "frame", frame: utf8("sealed") },
    resume: { message: "resume", position: POSITION },
  } as const;
  expect(messages.viewer_to_relay.map(({ what }) => what)).toEqual(Object.keys(written));
  for (const [what, message] of Object.entries(written)) {
    const bytes = whole(named(messages.viewer_to_relay, what).fields);
    expect(hex(putFromViewer(message)), what).toBe(hex(bytes));
    expect(readFromViewer(bytes), what).toEqual(message);
  }
});

test("messages of the relay to a viewer are read, and written to the same bytes", () => {
  const joined = { message: "joined", owner: fromHex(codes.owner_public), generation: 1, floor: 3, top: 9 } as const;
  const read = {
    joined: { ...joined, epoch: EPOCH, agentPresent: true },
    "joined without an epoch": { ...joined, epoch: null, agentPresent: false },
    frame: { message: "frame", frame: utf8("sealed") },
    absent: { message: "absent", lastSeen_s: 1_796_025_600 },
    "never there": { message: "absent", lastSeen_s: null },
    present: { message: "present" },
    renewed: { message: "renewed", generation: 2 },
  } as const;
  expect(messages.relay_to_viewer.map(({ what }) => what)).toEqual(Object.keys(read));
  for (const [what, message] of Object.entries(read)) {
    const bytes = whole(named(messages.relay_to_viewer, what).fields);
    expect(readToViewer(bytes), what).toEqual(message);
    expect(hex(putToViewer(message)), what).toBe(hex(bytes));
  }
});

test("every message that is cut, and every one that is longer than its fields, is refused", () => {
  for (const { what, fields } of messages.relay_to_viewer.filter(({ what }) => what !== "frame")) {
    const bytes = whole(fields);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => readToViewer(bytes.slice(0, length)), `${what} cut to ${length}`).toThrow();
    }
    expect(() => readToViewer(Uint8Array.from([...bytes, 0])), what).toThrow();
  }
});

test("openings are written to the same bytes", () => {
  const written = { "at a position": POSITION, new: null };
  expect(bodies.opening.map(({ what }) => what)).toEqual(Object.keys(written));
  for (const [what, position] of Object.entries(written)) {
    expect(hex(putOpening(VERSIONS, position)), what).toBe(hex(whole(named(bodies.opening, what).fields)));
  }
});

test("what an agent says to one viewer is read", () => {
  const read = bodies.direct.map(({ fields }) => readDirect(whole(fields)));
  expect(read).toEqual([
    {
      kind: "opened",
      opened: {
        verdict: "start_over", visit: VISIT, epoch: EPOCH, run: AGENT, head: 12, tick_ms: 34, versions: VERSIONS,
      },
    },
    { kind: "part", question: 5, number: 6, isLast: false, bytes: utf8("piece") },
    { kind: "part", question: 5, number: 6, isLast: true, bytes: utf8("piece") },
    {
      kind: "news",
      news: {
        news: "ready", operation: "00000000-0000-0000-0000-000000000001", transfer: "00000000-0000-0000-0000-000000000002",
        name: "run.csv", bytes: 3, sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      },
    },
    {
      kind: "news",
      news: {
        news: "progress",
        event: {
          event: "progress", operation: "00000000-0000-0000-0000-000000000001", session: "5e551000-0000-4000-8000-000000000001",
          label: "Exporting", done: 1, total: 2, outcome: null,
        },
      },
    },
  ]);
});

test("questions and orders are written to the same bytes", () => {
  const session = "5e551000-0000-4000-8000-000000000001";
  const questions: Question[] = [
    { question: 1, ask: { ask: "query", query: { query: "session", session } } },
    { question: 2, ask: { ask: "columns", query: { query: "series", session, after: 0 } } },
    { question: 3, ask: { ask: "history", after: 3, through: 9 } },
    { question: 4, ask: { ask: "transfer", transfer: "00000000-0000-0000-0000-000000000002", from: 131_072 } },
    { question: 5, ask: { ask: "credit", through: 4 } },
    { question: 6, ask: { ask: "drop", of: 1 } },
  ];
  expect(questions.map((question) => textOf(jsonBytes(question)))).toEqual(bodies.questions);
  const order: Order = {
    question: 7,
    id: "00000000-0000-0000-0000-000000000077",
    tick_ms: 12_345,
    command: { command: "rename_session", session, name: "Ü 37 °C" },
  };
  expect(textOf(jsonBytes(order))).toBe(bodies.order);
});

test("a status is read", () => {
  const status: AgentStatus = {
    head: 12, tick_ms: 5_000, at: "2026-11-30T08:00:00Z", viewers: 2,
    trouble: { code: "disk_full", message: "The disk is full." },
    deleted: ["5e551000-0000-4000-8000-000000000002"],
    notes: 3,
  };
  expect(JSON.parse(bodies.status)).toEqual(status);
});

test("the dictionary came through the build unchanged, byte 1 with it", async () => {
  expect(DICTIONARY.length).toBe(bodies.dictionary.bytes);
  expect(hex(await sha256(DICTIONARY))).toBe(bodies.dictionary.sha256);
  expect(DICTIONARY.includes(1)).toBe(true);
});

test.each(bodies.packing)("what Rust packed is unpacked: $what", ({ plain, packed }) => {
  const length = plain.length / 2;
  expect(hex(unpack(fromHex(packed), length))).toBe(plain);
  if (length > 0) expect(() => unpack(fromHex(packed), length - 1)).toThrow("packing");
});

test("deflated bytes cut anywhere are refused", () => {
  const packed = fromHex(named(bodies.packing, "deflated").packed);
  for (let length = 0; length < packed.length; length += 1) {
    expect(() => unpack(packed.slice(0, length), 1 << 20), `cut to ${length}`).toThrow();
  }
});

test("answers of every form are read", () => {
  const read = bodies.answers.map((answer) => readAnswer(fromHex(answer.whole)));
  for (const [k, answer] of bodies.answers.entries()) {
    if ("reply" in answer) expect(read[k], answer.what).toEqual({ form: "reply", reply: answer.reply });
  }
  const [columns, bytes] = read.slice(-2);
  expect(bytes).toEqual({ form: "bytes", bytes: utf8("a,b\n") });
  if (columns?.form !== "columns") throw new Error("these are columns");
  const table = readColumns(columns.bytes.buffer);
  expect([...table.column("kdm")]).toEqual([0.25, Number.NaN]);
  expect(table.about).toEqual({ time_source: "file" });
});

test("entries of a log frame are read, and cut ones are refused", () => {
  const body = whole(bodies.entries.body);
  expect(unpackEntries(body)).toEqual(bodies.entries.entries);
  expect(() => unpackEntries(body, 200)).toThrow("packing");
  for (let length = 0; length < body.length; length += 1) {
    expect(() => unpackEntries(body.slice(0, length)), `cut to ${length}`).toThrow();
  }
});
