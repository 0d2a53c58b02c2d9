import { expect, test } from "vitest";
import { type Candidate, Pool } from "../../../src/sources/collect/candidates.ts";
import { article } from "../../fixtures.ts";

const SOURCE = {
  from: "a",
  name: "a",
  include: [],
  exclude: [],
  tags: [],
  pin: false,
  weight: 1,
  paused: false,
  allowPrivate: false,
};

function candidate(day: number, over: Partial<Candidate> = {}): Candidate {
  const publishedAt = new Date(Date.UTC(2026, 0, day)).toISOString();
  const id = `story-${day}`;
  return {
    id,
    article: article({ id, title: id, publishedAt }),
    isCollected: true,
    isPinned: false,
    weight: 1,
    source: SOURCE,
    print: { id, title: id, letters: id, source: "a" },
    ...over,
  };
}

test("a pool keeps the newest of what feeds bring, and says what has no chance any more", () => {
  const pool = new Pool(20);
  const all = Array.from({ length: 700 }, (_, day) => candidate(day));
  pool.add(all.slice(0, 500));
  expect(pool.hopeless).toBeUndefined();
  pool.add(all.slice(500));
  expect(pool.candidates).toEqual(all.slice(200));
  expect(pool.hopeless).toEqual(new Date(Date.UTC(2026, 0, 200)));
});

test("a pool keeps what is pinned or somebody's own, and what has no date", () => {
  const pool = new Pool(20);
  const kept = [candidate(0, { isPinned: true }), candidate(0, { isCollected: false })];
  const { publishedAt: _, ...undated } = article();
  kept.push(candidate(0, { article: undated }));
  pool.add([...kept, ...Array.from({ length: 700 }, (_, day) => candidate(1 + day))]);
  expect(pool.candidates.slice(0, 3)).toEqual(kept);
  expect(pool.candidates).toHaveLength(502);
});

test("a pool for an issue without a most keeps all", () => {
  const pool = new Pool();
  pool.add(Array.from({ length: 3000 }, (_, day) => candidate(day)));
  expect(pool.candidates).toHaveLength(3000);
  expect(pool.hopeless).toBeUndefined();
});
