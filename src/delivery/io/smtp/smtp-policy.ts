import { isLoopback } from "../../../platform/http/trust.ts";
import type { SmtpServer } from "./smtp-url.ts";

/** How long each step may take. */
export interface SmtpTimeouts {
  /** Until the connection is made, the name looked up and TLS included. */
  readonly connectMs: number;
  readonly greetingMs: number;
  /** The longest silence, the one after the message's end included. */
  readonly replyMs: number;
  /** One message from first to last, so that a server that answers byte by byte can't hold it for ever. */
  readonly sendMs: number;
}

/**
 * Long enough for a slow relay and short enough to sit through. RFC 5321 §4.5.3.2.6 would wait ten
 * minutes for the last answer, because a client that gives up may send twice; this one does not.
 */
export const TIMEOUTS: SmtpTimeouts = {
  connectMs: 20_000,
  greetingMs: 30_000,
  replyMs: 120_000,
  sendMs: 300_000,
};

/** What the connection must be like before anything is said over it. */
export interface SmtpPolicy {
  /** Whether a connection in clear is refused. */
  readonly requireTls: boolean;
  /** Whether a server on this machine may be spoken to in clear, and show any certificate. */
  readonly trustLoopback: boolean;
  readonly timeouts: SmtpTimeouts;
}

/** Whether the server is on this machine and trusted, since no other machine can listen. */
export function isTrusted({ host }: SmtpServer, { trustLoopback }: SmtpPolicy): boolean {
  return trustLoopback && isLoopback(host);
}
