import ipaddr from "ipaddr.js";

/*
 * The budget of the mails that visitors ask for. No matter who asks and how often, no address gets more of them than its
 * owner would take from a mistake, and no sender sends more of them than a relay would take from a newsletter.
 */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a mail counts for its address. After that nothing of the address needs to be kept for the budget. */
export const COUNTED_MS = 30 * DAY_MS;

/** How long a mail counts for the network from which it was asked for. */
export const NETWORK_COUNTED_MS = HOUR_MS;

/** A limit: the most mails in a span of time. */
interface Limit {
  readonly mails: number;
  readonly withinMs: number;
}

/** Mails that are asked for in the subscribe form. */
const PER_ADDRESS: readonly Limit[] = [
  { mails: 1, withinMs: DAY_MS },
  { mails: 3, withinMs: COUNTED_MS },
];
/** Mails that are asked for with a link of the reader's own, which may have been forwarded. */
const PER_READER: readonly Limit[] = [
  { mails: 1, withinMs: HOUR_MS / 6 },
  { mails: 3, withinMs: DAY_MS },
];
const PER_NETWORK: readonly Limit[] = [{ mails: 5, withinMs: NETWORK_COUNTED_MS }];

const MOST_WAITING = 1_000;
/** What visitors get of the budget whose browsers have shown no proof of work. */
const UNPROVED_SHARE = 1 / 6;

/** What was counted before a visitor asks for a mail. */
export interface JoinCounts {
  /** When mails were put into the queue for the address, of the last 30 days. */
  readonly toAddress: readonly Date[];
  /** The same for the visitor's network, of the last hour. */
  readonly fromNetwork: readonly Date[];
  /** How many of these mails wait to be sent, with a proof and without. */
  readonly waiting: Lanes<number>;
}

/** A value each for the visitors with a proof of work, and without. */
export type Lanes<Value> = Readonly<Record<Lane, Value>>;

export type Lane = "proved" | "unproved";

/** Whether a mail may be put into the queue for a visitor. */
export function mayAsk(counts: JoinCounts, lane: Lane, now: Date): boolean {
  const { proved, unproved } = counts.waiting;
  const isRoom =
    proved + unproved < MOST_WAITING && (lane === "proved" || unproved < shareOf(MOST_WAITING));
  return (
    isRoom &&
    isWithin(PER_ADDRESS, counts.toAddress, now) &&
    isWithin(PER_NETWORK, counts.fromNetwork, now)
  );
}

/** Whether a mail may be put into the queue for a reader; `sent`: when the last ones of its kind were. */
export function mayAskAgain(sent: readonly Date[], now: Date): boolean {
  return isWithin(PER_READER, sent, now);
}

function isWithin(limits: readonly Limit[], mails: readonly Date[], now: Date): boolean {
  return limits.every(
    ({ mails: most, withinMs }) =>
      mails.filter((at) => now.getTime() - at.getTime() < withinMs).length < most,
  );
}

/** Which mails may leave the queue now; `sent`: how many have left it within the last hour. */
export function openLanes(sent: Lanes<number>, joinsPerHour: number): Lanes<boolean> {
  const proved = sent.proved + sent.unproved < joinsPerHour;
  return { proved, unproved: proved && sent.unproved < shareOf(joinsPerHour) };
}

function shareOf(total: number): number {
  return Math.max(1, Math.floor(total * UNPROVED_SHARE));
}

/** Networks are about what one household or one rented server has: a /24 of IPv4, a /48 of IPv6. */
const NETWORK_BITS = { ipv4: 24, ipv6: 48 } as const;

/** The network of an address, in its usual form; all that is no address counts as one network. */
export function networkOf(address: string): string {
  // Some proxies add the port, and brackets around IPv6.
  const bare = address.replace(/^\[(.*)\](?::\d+)?$|^([\d.]+):\d+$/, "$1$2").replace(/%.*$/, "");
  if (!ipaddr.isValid(bare)) return "unknown";
  const known = ipaddr.process(bare);
  const bits = NETWORK_BITS[known.kind()];
  const bytes = known.toByteArray().map((byte, at) => (at * 8 < bits ? byte : 0));
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
}
