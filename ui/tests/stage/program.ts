// The program `sacmes` of this checkout: asked something, or running for as long as a test needs it.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { promisify } from "node:util";

import { until } from "./waiting";

const PROGRAM = process.env.SACMES_PROGRAM ?? new URL("../../../target/debug/sacmes", import.meta.url).pathname;
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Away from the keyring and the home folder of whoever runs the tests. */
const ENVIRONMENT = {
  PATH: process.env.PATH ?? "",
  HOME: tmpdir(),
  DBUS_SESSION_BUS_ADDRESS: "disabled:",
  // By this `cargo xtask` finds what was left behind.
  ...(process.env.SACMES_XTASK === undefined ? {} : { SACMES_XTASK: process.env.SACMES_XTASK }),
};

const running = new Set<ChildProcess>();

/** Ends whatever still runs, as after a test that could not do so itself. */
export function endAll(): void {
  for (const child of running) child.kill("SIGKILL");
}
process.on("exit", endAll);

function program(): string {
  if (existsSync(PROGRAM)) return PROGRAM;
  throw new Error(`${PROGRAM} is not there: run "cargo xtask test browser-tests", which builds it with the page`);
}

/** What `sacmes` prints for these arguments. */
export async function sacmes(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program(), args, { env: ENVIRONMENT, maxBuffer: MOST_OUTPUT_BYTES });
  return stdout;
}

/** A `sacmes` that runs until it is ended. */
export class Running {
  /** Lines of standard output. */
  readonly printed: string[] = [];
  /** Lines of standard error. */
  readonly said: string[] = [];
  #exited: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {
    running.add(child);
    gather(child.stdout, this.printed);
    gather(child.stderr, this.said);
    this.#exited = new Promise((resolve) => {
      child.once("exit", () => {
        running.delete(child);
        resolve();
      });
    });
  }

  static start(...args: string[]): Running {
    const child = spawn(program(), args, { env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"] });
    return new Running(child, `sacmes ${args[0] ?? ""}`);
  }

  /** The first match in what it says; waits for it. */
  says(words: RegExp): Promise<RegExpExecArray> {
    return until(`${this.name} says ${String(words)}`, () => {
      const found = [...this.said, ...this.printed].map((line) => words.exec(line)).find((match) => match !== null);
      if (!found && this.child.exitCode !== null) throw new Error(`${this.name} ended: ${this.said.join("\n")}`);
      return found;
    });
  }

  /** Ends it as a person would, or at once. */
  async end(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    this.child.kill(signal);
    await this.#exited;
  }

  /** Its end, by itself. */
  ended(): Promise<void> {
    return this.#exited;
  }
}

function gather(stream: NodeJS.ReadableStream | null, lines: string[]): void {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
  });
}
