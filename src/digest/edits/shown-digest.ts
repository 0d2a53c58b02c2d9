import { BroadsheetError } from "../../errors.ts";
import type { Digest } from "../digest.ts";

/**
 * The digest as readers get it: without the stories that are hidden, and without sections that have no
 * other.
 * @throws BroadsheetError DIGEST_INVALID where nothing is left to read.
 */
export function shownDigest(digest: Digest): Digest {
  const sections = digest.sections
    .map((section) => ({ ...section, entries: section.entries.filter(({ hidden }) => !hidden) }))
    .filter(({ entries }) => entries.length > 0);
  if (sections.length > 0 || digest.letter) return { ...digest, sections };
  throw new BroadsheetError("DIGEST_INVALID", "with every story hidden there is nothing to send", {
    fix: 'show one of them again: take "hidden" out of it in digest.json',
  });
}
