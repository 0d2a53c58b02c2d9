import { describe, expect, test } from "vitest";
import {
  isDoubtful,
  judge,
  type UnknownReader,
  type Verdict,
} from "../../src/delivery/judgement.ts";

const NOW = new Date("2026-11-24T07:00:00Z");
const ago = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

const NEW: UnknownReader = { at: NOW };
const OLD: UnknownReader = { at: NOW, acceptedAt: ago(7) };

describe("a reader whom a server doesn't know", () => {
  test.each<[string, UnknownReader, Verdict]>([
    ["who never took a message is suppressed", NEW, "suppress"],
    ["who took one last week is kept", OLD, "keep"],
    ["who took one a year ago is kept", { at: NOW, acceptedAt: ago(365) }, "keep"],
    ["who took one before that is suppressed", { at: NOW, acceptedAt: ago(366) }, "suppress"],
    ["refused a second time that day is kept", { ...OLD, unknownSince: ago(0.9) }, "keep"],
    ["refused a second time a day later", { ...OLD, unknownSince: ago(1) }, "suppress"],
  ])("%s", (_what, reader, verdict) => {
    expect(judge(false, reader)).toBe(verdict);
  });

  test("is quarantined or kept where the server is doubted", () => {
    expect(judge(true, NEW)).toBe("quarantine");
    expect(judge(true, OLD)).toBe("keep");
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
