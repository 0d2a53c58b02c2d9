/** One row of a table: a text, and whether the summary or the reader treats it as an editor would. */
export interface Row {
  readonly language: string;
  readonly text: string;
  readonly isRight: boolean;
}

/** Each table is judged only when it is asked for, because that takes most of the time. */
export type Tables = Readonly<Record<string, () => readonly Row[]>>;

export interface Score {
  readonly right: number;
  /** The texts of the rows that went wrong. */
  readonly wrong: readonly string[];
}

/** The score of each language of a table. */
export function scoresOf(rows: readonly Row[]): Readonly<Record<string, Score>> {
  const byLanguage = Object.entries(Object.groupBy(rows, ({ language }) => language));
  return Object.fromEntries(
    byLanguage.map(([language, rows = []]) => {
      const wrong = rows.filter(({ isRight }) => !isRight).map(({ text }) => text);
      return [language, { right: rows.length - wrong.length, wrong }];
    }),
  );
}

export function judged<T extends { language: string; text: string }>(
  rows: readonly T[],
  isRight: (row: T) => boolean,
): readonly Row[] {
  return rows.map((row) => ({ language: row.language, text: row.text, isRight: isRight(row) }));
}

export function isSame(found: readonly unknown[], expected: readonly unknown[]): boolean {
  return JSON.stringify(found) === JSON.stringify(expected);
}
