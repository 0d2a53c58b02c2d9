import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Evidence,
  judge,
  type RefusedReader,
  RefusalRow,
  type Verdict,
} from "../../src/delivery/judgement.ts";
import { isDoubtful } from "../../src/subscribers/judgement.ts";

const NOW = new Date("2026-11-24T07:00:00Z");
const ago = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

const NEW: RefusedReader = {
  at: NOW,
  isUnknown: true,
  hasAccepted: false,
  doubted: { count: 0 },
};
const OLD: RefusedReader = { ...NEW, hasAccepted: true };

/** A run of a thousand readers, five of whom don't exist. */
const RUN: Evidence = {
  ending: "asked",
  isContradicted: false,
  accepted: 995,
  refused: 5,
  unknown: 5,
  period: { answers: 1000, unknown: 5 },
  areDomainsWell: () => true,
  isListDone: true,
  isExpired: false,
};

const DOUBTED = { ...RUN, accepted: 950, refused: 50, unknown: 50 };
const NONE_ACCEPTED = { ...RUN, accepted: 0, refused: 3, unknown: 3 };

describe("a reader whom a server doesn't know", () => {
  test.each<[string, Evidence, RefusedReader, Verdict]>([
    ["who never took a message", RUN, NEW, "suppress"],
    ["who took one", RUN, OLD, "keep"],
    ["who was refused a second time that day", RUN, { ...OLD, unknownSince: ago(0.9) }, "keep"],
    [
      "who was refused a second time a day later",
      RUN,
      { ...OLD, unknownSince: ago(1) },
      "suppress",
    ],
    ["where so many are", DOUBTED, NEW, "quarantine"],
    ["who took one, where so many are", DOUBTED, OLD, "keep"],
    [
      "where the runs of two days have so many",
      { ...RUN, period: { answers: 100, unknown: 4 } },
      NEW,
      "quarantine",
    ],
    ["where the server contradicts itself", { ...RUN, isContradicted: true }, NEW, "again"],
    ["where the run was blamed", { ...RUN, ending: "blamed" }, NEW, "again"],
    ["where the run was interrupted", { ...RUN, ending: "waits" }, NEW, "wait"],
    ["where the run died", { ...RUN, ending: "died" }, NEW, "wait"],
    ["where the run died, and so many are", { ...DOUBTED, ending: "died" }, NEW, "quarantine"],
    ["where the issue has expired", { ...RUN, ending: "waits", isExpired: true }, NEW, "give up"],
    ["where no reader was accepted", NONE_ACCEPTED, NEW, "again"],
    [
      "for the third time so",
      NONE_ACCEPTED,
      { ...NEW, doubted: { count: 2, since: ago(0.1) } },
      "give up",
    ],
    ["for two days so", NONE_ACCEPTED, { ...NEW, doubted: { count: 1, since: ago(2) } }, "give up"],
  ])("%s: %#", (_what, evidence, reader, verdict) => {
    expect(judge(evidence).verdictOf(reader)).toBe(verdict);
  });

  test("is believed in a closed domain, and not where most domains refuse", () => {
    const most = { ...RUN, accepted: 30, refused: 70, unknown: 2 };
    const period = { answers: 100, unknown: 2 };
    expect(judge({ ...most, period }).verdictOf(NEW)).toBe("suppress");
    expect(judge({ ...most, period, areDomainsWell: () => false }).verdictOf(NEW)).toBe("again");
  });
});

test("readers whom earlier runs struck off are doubted where the runs of two days have so many", () => {
  expect(judge(NONE_ACCEPTED).isDoubted).toBe(false);
  expect(judge({ ...NONE_ACCEPTED, period: { answers: 40, unknown: 12 } }).isDoubted).toBe(true);
});

test("a reader who was refused for another reason misses the issue only", () => {
  expect(judge(RUN).verdictOf({ ...NEW, isUnknown: false })).toBe("keep");
});

test("the cause is the relay where it is doubted, and what the run was blamed for", () => {
  expect(judge(RUN).cause).toBeUndefined();
  expect(judge(DOUBTED).cause).toBe("relay");
  expect(judge({ ...RUN, isContradicted: true }).cause).toBe("relay");
  expect(judge({ ...RUN, ending: "blamed", blamed: "ourselves" }).cause).toBe("ourselves");
});

test("whatever the evidence: never are more than three and more than 2 % struck off", () => {
  const count = fc.nat(2000);
  const evidence = fc.record({
    ending: fc.constantFrom("asked", "waits", "died", "blamed"),
    isContradicted: fc.boolean(),
    accepted: count,
    unknown: count,
    others: count,
    isListDone: fc.boolean(),
    isExpired: fc.boolean(),
  });
  fc.assert(
    fc.property(evidence, fc.boolean(), ({ others, ...rest }, areWell) => {
      const refused = rest.unknown + others;
      const answers = { answers: rest.accepted + refused, unknown: rest.unknown };
      const all = { ...rest, refused, period: answers, areDomainsWell: () => areWell };
      const struckOff = judge(all).verdictOf(NEW) === "suppress" ? rest.unknown : 0;
      expect(struckOff).toBeLessThanOrEqual(Math.max(3, 0.02 * answers.answers));
      if (rest.isContradicted) expect(struckOff).toBe(0);
    }),
  );
});

const rowOf = (row: RefusalRow, domains: number, count = 20) =>
  Array.from({ length: count }, (_, n) => row.refused(`d${n % domains}.example`, "550 no")).at(-1);

describe("a row of refusals", () => {
  test("stops the run at twenty, where none was accepted", () => {
    expect(rowOf(new RefusalRow(), 1, 19)).toBeUndefined();
    expect(rowOf(new RefusalRow(), 1)?.message).toContain("the first 20 answers");
  });

  test("stops it in three domains, where one was accepted; an acceptance ends it", () => {
    expect(rowOf(new RefusalRow(true), 2)).toBeUndefined();
    expect(rowOf(new RefusalRow(true), 3)?.message).toContain("in 3 domains");
    const row = new RefusalRow();
    rowOf(row, 3, 19);
    row.accepted();
    expect(rowOf(row, 3, 19)).toBeUndefined();
  });
});

describe("a server", () => {
  test.each<[answers: number, unknown: number, isDoubted: boolean]>([
    [3, 3, false],
    [150, 3, false],
    [150, 4, true],
    [200, 4, false],
    [1000, 20, false],
    [1000, 21, true],
    [0, 4, true],
  ])(
    "with %i answers, %i of them about unknown readers, is doubted: %s",
    (answers, unknown, is) => {
      expect(isDoubtful({ answers, unknown })).toBe(is);
    },
  );
});
