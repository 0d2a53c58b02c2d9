import type { Digest, Entry } from "../../src/digest/digest.ts";

/** A digest in which a person has changed a story, counted from 0 through all sections. */
export function edited(digest: Digest, story: number, change: (entry: Entry) => Entry): Digest {
  let at = 0;
  const sections = digest.sections.map((section) => {
    const entries = section.entries.map((entry) => (at++ === story ? change(entry) : entry));
    return { heading: section.heading, entries };
  });
  return { ...digest, sections };
}

/** A story in which a person has reworded a key point, or taken it out where there are no words. */
export function withPoint(entry: Entry, at: number, text: string): Entry {
  const { keyPoints } = entry.summary;
  const words = text === "" ? [] : [{ text }];
  return {
    ...entry,
    summary: { ...entry.summary, keyPoints: keyPoints.toSpliced(at, 1, ...words) },
  };
}
