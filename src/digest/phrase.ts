/** A line of its own, and how sure it is that it tells the news. */
export interface Phrase {
  readonly text: string;
  readonly confidence: number;
}

/** Below it an editor is asked to look. */
export const SURE_ENOUGH = 0.6;
