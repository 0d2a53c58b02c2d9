import type { Source } from "../../config/sources.ts";
import type { Fingerprint } from "../known/fingerprint.ts";
import type { Offer } from "../wanted/choose-stories.ts";
import type { Unfinished } from "../article-reader.ts";

/** A new article of a source, as far as the source has it. */
export interface Candidate extends Offer {
  readonly source: Source;
  /** What it is known by from now on: of what its source says, not of its page. */
  readonly print: Fingerprint;
  /** What its page completes, where its source has only a part. */
  readonly unfinished?: Unfinished;
}
