import { describe, expect, test } from "vitest";
import { digestOf, entry, roundUp } from "../fixtures.ts";
import { reportOn } from "./issue.ts";
import { found } from "./mail.ts";

describe("a headline that mixes alphabets", () => {
  test("is told with its word", async () => {
    const report = await reportOn(
      digestOf([entry({ title: "The \u0410pple that was sold twice" })]),
      "brief",
    );
    expect(found(report, "mixed-alphabets")).toMatchObject([
      { severity: "warning", message: expect.stringContaining("\u0410pple") },
    ]);
  });

  test.each(["The ferry that waits", "Паром ждёт почту", "A 5 kΩ lamp and a µm of paint"])(
    "%s does not",
    async (title) => {
      const report = await reportOn(digestOf([entry({ title })]), "brief");
      expect(found(report, "mixed-alphabets")).toEqual([]);
    },
  );
});

describe("a story that was read with doubt", () => {
  const doubted = { reading: { confidence: 0.6, partial: "paywall" as const, doubts: [] } };

  test("is something to look at, until an editor accepts it", async () => {
    const story = entry({ title: "The lamp that was sold twice", ...doubted });
    const report = await reportOn(digestOf([story]), "brief");
    expect(found(report, "reading-doubted")).toMatchObject([
      { severity: "warning", where: { story: "The lamp that was sold twice" } },
    ]);
    const accepted = await reportOn(digestOf([{ ...story, accepted: true }]), "brief");
    expect(found(accepted, "reading-doubted")).toEqual([]);
  });

  test("of an issue that was read well nothing is said", async () => {
    expect(found(await reportOn(roundUp(2), "digest"), "reading-doubted")).toEqual([]);
  });
});
