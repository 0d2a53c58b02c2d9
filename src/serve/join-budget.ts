import ipaddr from "ipaddr.js";

/*
 * The budget of the mails that visitors ask for. Even an attack can't send an address more of them than its owner would take
 * for a mistake, and can't make the newsletter send more of them than a relay accepts.
 */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The time that a mail counts for its address. After that, the budget needs no data of the address. */
export const COUNTED_MS = 30 * DAY_MS;

/** The time that a mail counts for the network of the visitor who asked for it. */
export const NETWORK_COUNTED_MS = HOUR_MS;

/** A limit: the most mails in a span of time. */
interface Limit {
  readonly mails: number;
  readonly withinMs: number;
}

/** The limits for mails from the subscribe form. */
const PER_ADDRESS: readonly Limit[] = [
  { mails: 1, withinMs: DAY_MS },
  { mails: 3, withinMs: COUNTED_MS },
];
/** The limits for mails that a reader's own link asks for. The link may have been forwarded. */
const PER_READER: readonly Limit[] = [
  { mails: 1, withinMs: HOUR_MS / 6 },
  { mails: 3, withinMs: DAY_MS },
];
const PER_NETWORK: readonly Limit[] = [{ mails: 5, withinMs: NETWORK_COUNTED_MS }];

const MOST_WAITING = 1_000;
/** The share of the budget for visitors without a proof of work. */
const UNPROVED_SHARE = 1 / 6;

/** The counts before a visitor's request. */
export interface JoinCounts {
  /** The times of mails to the address in the last 30 days. */
  readonly toAddress: readonly Date[];
  /** The times of mails for the visitor's network in the last hour. */
  readonly fromNetwork: readonly Date[];
  /** The numbers of waiting mails with and without a proof of work. */
  readonly waiting: Lanes<number>;
}

/** A value for visitors with a proof of work, and one for visitors without. */
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

/** Whether a mail may be put into the queue for a reader. `sent`: the times of the last mails of this kind. */
export function mayAskAgain(sent: readonly Date[], now: Date): boolean {
  return isWithin(PER_READER, sent, now);
}

function isWithin(limits: readonly Limit[], mails: readonly Date[], now: Date): boolean {
  return limits.every(
    ({ mails: most, withinMs }) =>
      mails.filter((at) => now.getTime() - at.getTime() < withinMs).length < most,
  );
}

/** The mails that may be sent now. `sent`: the numbers of mails sent within the last hour. */
export function openLanes(sent: Lanes<number>, joinsPerHour: number): Lanes<boolean> {
  const proved = sent.proved + sent.unproved < joinsPerHour;
  return { proved, unproved: proved && sent.unproved < shareOf(joinsPerHour) };
}

function shareOf(total: number): number {
  return Math.max(1, Math.floor(total * UNPROVED_SHARE));
}

/** The size of a network is about that of one household or one rented server: a /24 of IPv4, a /48 of IPv6. */
const NETWORK_BITS = { ipv4: 24, ipv6: 48 } as const;

/** The network of an address in its usual form. All invalid addresses count as one network. */
export function networkOf(address: string): string {
  // Some proxies add the port, and brackets around IPv6.
  const bare = address.replace(/^\[(.*)\](?::\d+)?$|^([\d.]+):\d+$/, "$1$2").replace(/%.*$/, "");
  if (!ipaddr.isValid(bare)) return "unknown";
  const known = ipaddr.process(bare);
  const bits = NETWORK_BITS[known.kind()];
  const bytes = known.toByteArray().map((byte, at) => (at * 8 < bits ? byte : 0));
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
}
