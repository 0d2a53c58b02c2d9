import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type JoinCounts,
  mayAsk,
  mayAskAgain,
  networkOf,
  openLanes,
} from "../../src/serve/join-budget.ts";

const NOW = new Date("2026-11-29T10:00:00Z");
const HOUR_MS = 3_600_000;
const ago = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR_MS);
const NOTHING: JoinCounts = {
  toAddress: [],
  fromNetwork: [],
  waiting: { proved: 0, unproved: 0 },
};

const isTaken = (counts: Partial<JoinCounts>, lane: "proved" | "unproved" = "proved"): boolean =>
  mayAsk({ ...NOTHING, ...counts }, lane, NOW);

describe("a mail that a visitor asks for", () => {
  test("is the only one to its address in 24 hours, and one of three in 30 days", () => {
    expect(isTaken({})).toBe(true);
    expect(isTaken({ toAddress: [ago(23.9)] })).toBe(false);
    expect(isTaken({ toAddress: [ago(24)] })).toBe(true);
    expect(isTaken({ toAddress: [ago(24), ago(100), ago(719)] })).toBe(false);
    expect(isTaken({ toAddress: [ago(24), ago(100), ago(720)] })).toBe(true);
  });

  test("is one of five from its network in an hour", () => {
    expect(isTaken({ fromNetwork: [0, 0.1, 0.2, 0.9].map(ago) })).toBe(true);
    expect(isTaken({ fromNetwork: [0, 0.1, 0.2, 0.9, 0.9].map(ago) })).toBe(false);
    expect(isTaken({ fromNetwork: [0, 0.1, 0.2, 0.9, 1].map(ago) })).toBe(true);
  });

  test("waits with a thousand others at most, a sixth of them without a proof of work", () => {
    expect(isTaken({ waiting: { proved: 833, unproved: 166 } })).toBe(true);
    expect(isTaken({ waiting: { proved: 834, unproved: 166 } })).toBe(false);
    expect(isTaken({ waiting: { proved: 0, unproved: 165 } }, "unproved")).toBe(true);
    expect(isTaken({ waiting: { proved: 0, unproved: 166 } }, "unproved")).toBe(false);
  });
});

test("a reader's own link asks for a mail every ten minutes, and three times a day", () => {
  expect(mayAskAgain([], NOW)).toBe(true);
  expect(mayAskAgain([ago(0.16)], NOW)).toBe(false);
  expect(mayAskAgain([ago(0.17), ago(23.9)], NOW)).toBe(true);
  expect(mayAskAgain([ago(1), ago(5), ago(23.9)], NOW)).toBe(false);
});

test("as many mails leave in an hour as the config says, a sixth of them without a proof", () => {
  expect(openLanes({ proved: 50, unproved: 9 }, 60)).toEqual({ proved: true, unproved: true });
  expect(openLanes({ proved: 49, unproved: 10 }, 60)).toEqual({ proved: true, unproved: false });
  expect(openLanes({ proved: 60, unproved: 0 }, 60)).toEqual({ proved: false, unproved: false });
  expect(openLanes({ proved: 0, unproved: 0 }, 1)).toEqual({ proved: true, unproved: true });
});

describe("a network", () => {
  test("is a /24 of IPv4 or a /48 of IPv6, however an address of it is written", () => {
    const networks = [
      "192.0.2.7",
      "192.0.2.7:51234",
      "::ffff:192.0.2.200",
      "2001:db8:1:2::7",
      "2001:0DB8:0001:ffff::1%eth0",
      "[2001:db8:1::7]:443",
      "",
      "a host",
    ].map(networkOf);
    expect(networks).toEqual([
      "192.0.2.0/24",
      "192.0.2.0/24",
      "192.0.2.0/24",
      "2001:db8:1::/48",
      "2001:db8:1::/48",
      "2001:db8:1::/48",
      "unknown",
      "unknown",
    ]);
  });

  test("is found for whatever a header says", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (text) => {
        expect(networkOf(text)).toMatch(/^(?:unknown|[\d.]+\/24|[\da-f:]+\/48)$/);
      }),
    );
  });
});
