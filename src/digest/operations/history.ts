import { hashId } from "../../article/identity.ts";
import type { Digest } from "../digest.ts";
import type { StoryEdits } from "../stories/story.ts";
import { type EditOperation, isUndo, type Operation } from "./operation.ts";

/** The changes that were not undone, in order. */
export function activeOperations(operations: readonly Operation[]): EditOperation[] {
  const undone = new Set<number>();
  // An undo comes after the lines that it undoes.
  for (const operation of operations.toReversed())
    if (isUndo(operation) && !undone.has(operation.n))
      for (const n of operation.undoes) undone.add(n);
  return operations.filter(
    (operation): operation is EditOperation => !isUndo(operation) && !undone.has(operation.n),
  );
}

/** The lines that the next undo and the next redo affect; undefined if there are none. */
export interface History {
  readonly undo: readonly number[] | undefined;
  readonly redo: readonly number[] | undefined;
}

/** Computes both stacks from the file, so that they survive a restart. */
export function historyOf(operations: readonly Operation[]): History {
  const past: (readonly number[])[] = [];
  const future: (readonly number[])[] = [];
  const undos = new Map<number, readonly number[]>();
  const isTop = (stack: typeof past, lines: readonly number[]) =>
    stack.findLastIndex((step) => step[0] === lines[0]);
  for (const step of Map.groupBy(operations, ({ step }) => step).values()) {
    const [first] = step;
    if (!first) continue;
    const lines = step.map(({ n }) => n);
    if (!isUndo(first) || first.op === "drop") {
      past.push(lines);
      future.length = 0;
      continue;
    }
    const redone = undos.get(first.undoes[0] ?? 0);
    undos.set(first.n, first.undoes);
    const [from, to] = redone ? [future, past] : [past, future];
    const at = isTop(from, first.undoes);
    if (at >= 0) from.splice(at, 1);
    to.push(redone ?? lines);
  }
  return { undo: past.at(-1), redo: future.at(-1) };
}

/**
 * Identifies the operations on an issue and the digest to which they are applied: the last line number, and a hash of
 * everything.
 */
export function versionOf(built: string, operations: readonly Operation[]): string {
  const last = operations.reduce((most, { n }) => Math.max(most, n), 0);
  const lines = operations.map(({ n, at }) => `${n} ${at}`);
  return `${last}-${hashId([built, ...lines].join("\n"))}`;
}

/** A digest with its version. If a program saves the file later, its changes are relative to this version. */
export function withVersion(
  { version: _version, ...digest }: Digest,
  built: string,
  operations: readonly Operation[],
): Digest {
  return { version: versionOf(built, operations), ...digest };
}

type Pair = readonly [string, string];

/** The articles that the editor's operations join and part, by id. Of two contradictory operations, the later one applies. */
export function storyEditsOf(active: readonly EditOperation[]): Required<StoryEdits> {
  let together: readonly Pair[] = [];
  let apart: readonly Pair[] = [];
  for (const { op, id, value, why } of active) {
    if ((op !== "join" && op !== "part") || why !== undefined) continue;
    if (id === undefined || typeof value !== "string") continue;
    const pair: Pair = [value, id];
    const others = (pairs: readonly Pair[]) => pairs.filter((one) => !isPair(one, pair));
    if (op === "join") {
      together = [...others(together), pair];
      apart = others(apart);
    } else {
      together = others(together).flatMap(([host, guest]) => leftOf([host, guest], pair));
      apart = [...others(apart), pair];
    }
  }
  return { together, apart };
}

/**
 * Returns a joined pair after an article was parted from its story. If the pair contains the parted article as its host, the
 * guest is joined to the story that the article leaves.
 */
function leftOf([host, guest]: Pair, [from, parted]: Pair): Pair[] {
  if (guest === parted) return [];
  return host === parted ? [[from, guest]] : [[host, guest]];
}

export function isPair(one: Pair, other: Pair): boolean {
  return one.every((id) => other.includes(id));
}

/** The pairs as a digest shows them; undefined if there are none. */
export function shownEdits({ together, apart }: Required<StoryEdits>): StoryEdits | undefined {
  if (together.length + apart.length === 0) return undefined;
  return {
    ...(apart.length > 0 && { apart }),
    ...(together.length > 0 && { together }),
  };
}
