import { expect, onTestFinished } from "vitest";
import {
  compileMessage,
  messageFor,
  messageIdFor,
  type Mailing,
} from "../../src/delivery/compile-message.ts";
import type { Counts, DeliveryState, Ledger } from "../../src/delivery/ledger.ts";
import { type Sending, type Sent, deliver } from "../../src/delivery/deliver.ts";
import { connectSmtp, type SmtpOptions } from "../../src/delivery/io/smtp/smtp-pool.ts";
import { openLedger } from "../../src/delivery/io/open-ledger.ts";
import type { StorePlace } from "../../src/platform/store.ts";
import { type FaultServer, type FaultServerOptions, startFaultServer } from "../fault-server.ts";
import { ENGINE, newPlace } from "../stores.ts";
import { newFolder } from "../temporary.ts";

export const ISSUE = { newsletter: "harbour-letter", slot: "2031-04-02" };

const mailing: Mailing = {
  issue: ISSUE,
  from: { address: "desk@letters.example", name: "The Harbour Letter" },
  date: new Date("2031-04-02T06:00:00Z"),
  secret: "only for this test",
};

const compiled = compileMessage(
  { subject: "🦀 Ebbe", html: "<p>Ebbe um sechs – früh.</p>", text: "Ebb at six.\n.\n", slots: {} },
  mailing,
);

export interface Run extends Sent {
  /** The state of each recipient after it, by address. */
  readonly states: Readonly<Record<string, DeliveryState>>;
  readonly counts: Counts;
}

/** An issue, its recipients, a ledger and a server that goes wrong. */
export interface SendingBench {
  readonly server: FaultServer;
  readonly ledger: Ledger;
  readonly place: StorePlace;
  /** Sends to whoever is due. */
  send(over?: Partial<Sending>, smtp?: SmtpOptions): Promise<Run>;
  /** How often the server has taken the message for an address. */
  acceptances(address: string): number;
  /** Lets time pass, for the ledger and the sender. */
  pass(ms: number): void;
  now(): Date;
}

/** `url`: where the server is found, PORT in it. */
export async function sendingBench(
  recipients: readonly string[],
  options: FaultServerOptions & { readonly url?: string } = {},
): Promise<SendingBench> {
  const place = await newPlace(ENGINE);
  let passed = 0;
  const now = (): Date => new Date(Date.now() + passed);
  const ledger = await openLedger(place, {
    clock: now,
    env: { XDG_STATE_HOME: await newFolder() },
  });
  const server = await startFaultServer(options);
  onTestFinished(async () => ledger.close());
  await ledger.plan({
    issue: ISSUE,
    contentHash: "first",
    recipients: recipients.map((address) => ({ address })),
  });
  const url = (options.url ?? "smtp://127.0.0.1:PORT").replace("PORT", String(server.port));
  return {
    server,
    ledger,
    place,
    now,
    pass: (ms) => void (passed += ms),
    acceptances: (address) => server.taken.filter(({ to }) => to === address).length,
    send: async (over = {}, smtp = {}) => {
      const transport = connectSmtp(url, { ...SMTP, ...smtp });
      try {
        const sent = await deliver({
          issue: ISSUE,
          ledger,
          transport,
          worker: `test ${serial++}`,
          messageOf: ({ to, messageId }) => messageFor(compiled, { ...to, messageId }),
          messageIdOf: ({ address }) => messageIdFor(mailing, address),
          now,
          clock: () => performance.now() + passed,
          concurrency: 20,
          ...over,
        });
        const counts = (await ledger.issue(ISSUE))?.counts;
        if (!counts) throw new Error("the issue is gone");
        return { ...sent, counts, states: await statesOf(ledger, recipients) };
      } finally {
        await transport.close();
      }
    },
  };
}

let serial = 0;

export function people(count: number, domain = "harbour.example"): string[] {
  return Array.from({ length: count }, (_, n) => `r${n}@${domain}`);
}

/** How many stand where. */
export function tallied({ states }: Run): Partial<Record<DeliveryState, number>> {
  const found: Partial<Record<DeliveryState, number>> = {};
  for (const state of Object.values(states)) found[state] = (found[state] ?? 0) + 1;
  return found;
}

/** What holds after every fault: nobody is left half-way, and the server has nobody's message twice. */
function expectSound(bench: SendingBench, run: Run): void {
  expect(run.counts.claimed + run.counts.sending).toBe(0);
  for (const address of Object.keys(run.states)) {
    expect(bench.acceptances(address)).toBeLessThanOrEqual(1);
  }
}

const HOURS_LATER_MS = 4 * 3_600_000;

/**
 * Sends, and again without the faults when the deferred readers are due. Each turn of the first run takes `turnMs`
 * more than it does, for the bench: no test sits through the time that a run waits.
 */
export async function sentTwice(
  recipients: readonly string[],
  options: FaultServerOptions & { readonly turnMs?: number },
): Promise<{ bench: SendingBench; first: Run; second: Run }> {
  const bench = await sendingBench(recipients, options);
  const onTurn = () => bench.pass(options.turnMs ?? 0);
  const first = await bench.send({ onTurn });
  expectSound(bench, first);
  bench.server.setFaults([]);
  bench.pass(HOURS_LATER_MS);
  const second = await bench.send();
  expectSound(bench, second);
  return { bench, first, second };
}

/** Long enough for a busy machine. */
const SMTP: SmtpOptions = {
  connections: 10,
  timeouts: { connectMs: 10_000, greetingMs: 10_000, replyMs: 10_000, sendMs: 15_000 },
};

async function statesOf(
  ledger: Ledger,
  recipients: readonly string[],
): Promise<Record<string, DeliveryState>> {
  const states: Record<string, DeliveryState> = {};
  for (const address of recipients) {
    const [history] = await ledger.explain(address);
    if (history) states[address] = history.state;
  }
  return states;
}
