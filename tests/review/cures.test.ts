import { expect, test } from "vitest";
import { type Entry, flatEntries } from "../../src/digest/digest.ts";
import type { EditOperation } from "../../src/digest/operations/operation.ts";
import { slotsOf } from "../../src/email/theme.ts";
import { cured } from "../../src/review/cures.ts";
import { digestOf, entry } from "../fixtures.ts";
import { template } from "../render.ts";

const BROKEN = "The council paid for the new mole and";
const CUT = "But nobody had asked the keeper of the lamp:";

/** A story from the web with two key points, one of which breaks off. */
function collected(
  title: string,
  points = ["The keeper of the lamp was asked twice about it.", CUT],
): Entry {
  const keyPoints = points.map((text) => ({ text }));
  const story = entry({ title, id: title, source: `https://quay.example/${title}` }, { keyPoints });
  return { ...story, id: title };
}

async function curedWith(
  entries: readonly Entry[],
  operations: readonly Partial<EditOperation>[] = [],
  before?: ReturnType<typeof digestOf>,
) {
  const slots = slotsOf((await template("digest")).theme);
  const lines = operations.map((one, at) => ({
    n: at + 1,
    step: 1,
    at: "2031-04-01T07:00:00Z",
    op: "set" as const,
    ...one,
  }));
  return cured(digestOf(entries, { template: "digest" }), {
    slots,
    collected: new Set(entries.map(({ id = "" }) => id)),
    operations: lines,
    before,
  });
}

function pointsOf(digest: Awaited<ReturnType<typeof curedWith>>): string[] {
  return flatEntries(digest)[0]?.summary.keyPoints.map(({ text }) => text) ?? [];
}

const THREE = [
  "Harbour bridge closes for nine weeks",
  "A library of knots finds its reader",
  "The ferry waits for the post van",
];

test("a line that breaks off is left out, and an operation that brings it back is at hand", async () => {
  const digest = await curedWith(THREE.map((title) => collected(title)));
  expect(pointsOf(digest)).not.toContain(CUT);
  expect(digest.removed).toContainEqual(
    expect.objectContaining({ id: THREE[0], op: "add", field: "keyPoint", text: CUT }),
  );
});

test("a line that an editor wrote, changed or brought back is never cured", async () => {
  const own = [{ op: "add" as const, id: THREE[0]!, field: "keyPoint", value: { text: CUT } }];
  expect(
    pointsOf(
      await curedWith(
        THREE.map((title) => collected(title)),
        own,
      ),
    ),
  ).toContain(CUT);
});

test("a line of a story that an editor accepted stays, as far as it was shown when it was accepted", async () => {
  const entries = THREE.map((title) => collected(title));
  const accepted = [{ op: "accept" as const, id: THREE[0]!, value: true }];
  const seen = digestOf(entries, { template: "digest" });
  expect(pointsOf(await curedWith(entries, accepted, seen))).toContain(CUT);
  const before = digestOf(
    THREE.map((title) => collected(title, [])),
    { template: "digest" },
  );
  expect(pointsOf(await curedWith(entries, accepted, before))).not.toContain(CUT);
});

test("where every story would be left out all of them stay, for an editor to look at", async () => {
  const foreign = THREE.map((title) => {
    const story = collected(title, [BROKEN]);
    return { ...story, article: { ...story.article, language: "de" } };
  });
  const slots = slotsOf((await template("digest")).theme);
  const digest = cured(digestOf(foreign, { template: "digest", language: "en" }), {
    slots,
    collected: new Set(THREE),
  });
  expect(flatEntries(digest).some(({ hidden }) => hidden)).toBe(false);
});
