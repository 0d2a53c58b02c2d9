import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type JoinCounts,
  type Lane,
  mayAsk,
  networkOf,
  openLanes,
} from "../../src/serve/join-budget.ts";

const isTaken = (waiting: JoinCounts["waiting"], lane: Lane = "proved"): boolean =>
  mayAsk({ toAddress: [], fromNetwork: [], waiting }, lane, new Date());

test("a mail that a visitor asks for waits with a thousand others at most, a sixth of them without a proof of work", () => {
  expect(isTaken({ proved: 833, unproved: 166 })).toBe(true);
  expect(isTaken({ proved: 834, unproved: 166 })).toBe(false);
  expect(isTaken({ proved: 0, unproved: 165 }, "unproved")).toBe(true);
  expect(isTaken({ proved: 0, unproved: 166 }, "unproved")).toBe(false);
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
