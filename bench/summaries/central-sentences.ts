import type { Shown } from "./readability.ts";

/** The sentences that are likest to all others, in source order: what people use who train nothing. */
export function centralSentences(
  sentences: readonly Required<Shown>[],
  kind: "textrank" | "lexrank",
  count: number,
): readonly Shown[] {
  const words = sentences.map(({ text }) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  const likeness = kind === "textrank" ? sharedWords(words) : cosines(words);
  const ranks = pageRank(likeness);
  const best = sentences.map((sentence, at) => ({ sentence, rank: ranks[at] ?? 0 }));
  const chosen = best.toSorted((a, b) => b.rank - a.rank).slice(0, count);
  return chosen.map(({ sentence }) => sentence).toSorted((a, b) => a.start - b.start);
}

type Matrix = readonly (readonly number[])[];

/** Mihalcea and Tarau 2004: words in common, over the logarithms of both lengths. */
function sharedWords(sentences: readonly (readonly string[])[]): Matrix {
  const sets = sentences.map((words) => new Set(words));
  return sets.map((a, i) =>
    sets.map((b, j) => {
      if (i === j || a.size < 2 || b.size < 2) return 0;
      const shared = [...a].filter((word) => b.has(word)).length;
      return shared / (Math.log(a.size) + Math.log(b.size));
    }),
  );
}

/** Erkan and Radev 2004: cosines of tf·idf, those below 0.1 left out. */
function cosines(sentences: readonly (readonly string[])[]): Matrix {
  const counts = new Map<string, number>();
  for (const words of sentences) {
    for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const vectors = sentences.map((words) => {
    const vector = new Map<string, number>();
    for (const word of words) {
      const idf = Math.log(sentences.length / (counts.get(word) ?? 1));
      vector.set(word, (vector.get(word) ?? 0) + idf);
    }
    return vector;
  });
  const norms = vectors.map((vector) => Math.hypot(...vector.values()) || 1);
  return vectors.map((a, i) =>
    vectors.map((b, j) => {
      let dot = 0;
      for (const [word, value] of a) dot += value * (b.get(word) ?? 0);
      const cosine = dot / ((norms[i] ?? 1) * (norms[j] ?? 1));
      return cosine < 0.1 ? 0 : 1;
    }),
  );
}

const DAMPING = 0.85;

function pageRank(likeness: Matrix): readonly number[] {
  const sums = likeness.map((row) => row.reduce((sum, value) => sum + value, 0) || 1);
  let ranks = likeness.map(() => 1);
  for (let round = 0; round < 30; round++) {
    ranks = ranks.map((_, i) => {
      const inflow = ranks.reduce(
        (sum, rank, j) => sum + (rank * (likeness[j]?.[i] ?? 0)) / (sums[j] ?? 1),
        0,
      );
      return 1 - DAMPING + DAMPING * inflow;
    });
  }
  return ranks;
}
