/** A line of its own, and how sure it is that it tells the news. */
export interface Phrase {
  readonly text: string;
  readonly confidence: number;
  /** Absent where it is the program's. */
  readonly by?: "model" | undefined;
}

/** Below it an editor is asked to look. */
export const SURE_ENOUGH = 0.6;
