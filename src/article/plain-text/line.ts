/** A line of a plain text. */
export interface Line {
  readonly text: string;
  readonly indent: number;
  readonly bullet: boolean;
  /** Whether it is the first of the text, where a headline stands. */
  readonly isFirst: boolean;
}
