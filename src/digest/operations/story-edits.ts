import type { StoryEdits } from "../stories/story.ts";
import type { EditOperation } from "./operation.ts";

type Pair = readonly [string, string];

/** Which articles the editor's operations join and part, by their ids. The later one of two counts. */
export function storyEditsOf(active: readonly EditOperation[]): Required<Pairs> {
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

interface Pairs {
  readonly together: readonly Pair[];
  readonly apart: readonly Pair[];
}

/** A joined pair once an article is parted: what was joined to that article stays with the story that it leaves. */
function leftOf([host, guest]: Pair, [from, parted]: Pair): Pair[] {
  if (guest === parted) return [];
  return host === parted ? [[from, guest]] : [[host, guest]];
}

export function isPair(one: Pair, other: Pair): boolean {
  return one.every((id) => other.includes(id));
}

/** The pairs as a digest shows them; undefined where there are none. */
export function shownEdits({ together, apart }: Pairs): StoryEdits | undefined {
  if (together.length + apart.length === 0) return undefined;
  return {
    ...(apart.length > 0 && { apart }),
    ...(together.length > 0 && { together }),
  };
}
