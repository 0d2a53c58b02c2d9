import { describe, expect, test } from "vitest";
import { judge, type UnknownReader, type Verdict } from "../../src/delivery/judgement.ts";

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
    expect(judge({ answers: 100, unknown: 1 }, reader)).toBe(verdict);
  });

  test.each<[answers: number, unknown: number, verdict: Verdict]>([
    [3, 3, "suppress"],
    [150, 3, "suppress"],
    [150, 4, "quarantine"],
    [200, 4, "suppress"],
    [1000, 20, "suppress"],
    [1000, 21, "quarantine"],
    [0, 4, "quarantine"],
  ])("of %i answers, %i of them the same: %s", (answers, unknown, verdict) => {
    expect(judge({ answers, unknown }, NEW)).toBe(verdict);
    expect(judge({ answers, unknown }, OLD)).toBe("keep");
  });
});
