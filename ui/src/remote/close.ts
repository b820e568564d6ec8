// Why a relay closes a connection: the close codes of its WebSockets.

/** Why the relay closed a connection. */
export type CloseReason =
  | "restarting"
  | "too_slow"
  | "silent"
  | "fenced"
  | "rate"
  | "full"
  | "in_use"
  | "protocol"
  | "version"
  | "ownership"
  | "access_token"
  | "code_renewed"
  | "retired"
  | "frame_too_large";

const REASONS: Record<number, CloseReason> = {
  4000: "restarting",
  4001: "too_slow",
  4002: "silent",
  4003: "fenced",
  4004: "rate",
  4005: "full",
  4010: "in_use",
  4500: "protocol",
  4501: "version",
  4502: "ownership",
  4503: "access_token",
  4504: "code_renewed",
  4505: "retired",
  4506: "frame_too_large",
};

/** The reason of a close code of the relay; null for all others, such as a network that is away. */
export function closeReason(code: number): CloseReason | null {
  return REASONS[code] ?? null;
}

/** Whether to connect again without asking anybody. */
export function isWorthComingBack(code: number): boolean {
  return closeReason(code) === null || code < 4500;
}
