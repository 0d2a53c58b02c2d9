import { describe, expect, test } from "vitest";
import { type Digest, shownDigest } from "../../src/digest/digest.ts";
import { LETTER, roundUp } from "../fixtures.ts";
import { render } from "../render.ts";

/** With its first stories hidden. */
function hiding(digest: Digest, count: number): Digest {
  let left = count;
  const sections = digest.sections.map(({ heading, entries }) => ({
    heading,
    entries: entries.map((one) => (left-- > 0 ? { ...one, hidden: true as const } : one)),
  }));
  return { ...digest, sections };
}

describe("a hidden story", () => {
  test("is in the digest and in no part of the email; the next one leads", async () => {
    const { html, text } = await render(hiding({ ...roundUp(3), subject: "Mine" }, 1), "digest");
    for (const part of [html, text]) {
      expect(part.includes("The bakery that runs on tides")).toBe(false);
      expect(part.includes("last librarian")).toBe(true);
    }
  });

  test("can't be the only one, unless there is a letter", () => {
    expect(() => shownDigest(hiding(roundUp(1), 1))).toThrow(
      /all stories are hidden, so there is nothing to send/,
    );
    expect(shownDigest(hiding(LETTER, 2)).sections).toEqual([]);
  });
});
