import type { Change, NewLine } from "../../digest/operations/operation.ts";
import { type Done, post } from "./live.ts";
import {
  canEdit,
  desk,
  type Editing,
  editing,
  issue,
  notice,
  refusal,
  set,
  type Text,
} from "./store.ts";
import {
  allStories,
  choose,
  chosenFound,
  chosenStory,
  idOf,
  stories,
  type Story,
} from "./stories.ts";
import { changesOf, mostOf, moveChanges, wordsOf } from "./texts.ts";

/*
 * The only way in which the page changes the issue. Each function sends one step of operations to the server, which can
 * be undone, and the server's answer shows the issue as it is then.
 */

/** Saves a text that was changed. The message says why it could not be saved. */
export async function saveText(line: Editing, words: string): Promise<Done> {
  const isTooLong = excessOf(line, words.length);
  if (isTooLong) return { isDone: false, said: isTooLong };
  // The text may stand elsewhere when it is its turn.
  const now = () => (editing.value?.opened === line.opened ? editing.value : line);
  return send(() => changesOf(issue.value.digest, now(), now().before, words));
}

/** What there is to say of a text of so many characters; empty where it may have them. */
export function excessOf(text: Text, characters: number): string {
  const [is, may] = [characters, mostOf(text)].map((count) => count.toLocaleString("en"));
  return characters > mostOf(text)
    ? `This would have ${is} characters, and ${may} are the most. Your words are still here.`
    : "";
}

/** Puts back what the build gives for a text. */
export async function putBack(text: Text): Promise<void> {
  await sendNow(() => {
    const undoes = editedBy(text);
    return undoes && [{ op: "drop", undoes }];
  });
}

/** The lines that changed a text; undefined where it is as the build gives it. */
export function editedBy(text: Text): readonly number[] | undefined {
  const words = wordsOf(issue.value.digest, text);
  const found = desk.value?.edited.find(({ id, field, text: written }) => {
    if (field === "heading") return text.field === field && id.endsWith(` ${words}`);
    if (field === "keyPoint")
      return id === text.id && text.field.startsWith("keyPoint.") && written === words;
    return id === text.id && `${text.field}.`.startsWith(`${field}.`);
  });
  return found?.undoes;
}

/** Moves a key point or a block of the letter up or down. */
export async function moveText(text: Text, by: 1 | -1): Promise<void> {
  await sendNow(() => {
    const changes = moveChanges(issue.value.digest, text, by);
    return changes.length > 0 ? changes : undefined;
  });
}

let before: Promise<unknown> = Promise.resolve();

/** One after the other, however fast a key is pressed: each is of what the one before has left. */
export async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const done = before.then(task);
  before = done.catch(() => undefined);
  return done;
}

/**
 * Sends the changes of one step, once those before it are done.
 * @param where The address for the edits of another issue.
 */
export async function send(changes: () => object[], where = "edit"): Promise<Done> {
  return inTurn(async () => post(where, { changes: changes() }));
}

/** Does something at once, without a field to write in; nothing where there is nothing to do. */
async function sendNow(
  changes: () => readonly (NewLine | ValueChange)[] | undefined,
): Promise<Done> {
  return stepNow(async () => {
    const wanted = changes();
    return wanted ? post("edit", { changes: wanted }) : { isDone: true };
  });
}

/** Does a step when it is its turn. The bar says why it could not be done. */
async function stepNow(step: () => Promise<Done>): Promise<Done> {
  return inTurn(async () => {
    const done = canEdit.value ? await step() : { isDone: false, said: UNCHANGEABLE };
    refusal.value = done.said ?? "";
    return done;
  });
}

const UNCHANGEABLE = "This issue can’t be changed now.";

/** Sets a field of a story, or takes it out where there is no value. */
export async function setField(id: string, field: string, value: unknown): Promise<Done> {
  return sendNow(() => [{ op: "set", id, field, ...(value !== undefined && { value }) }]);
}

type Images = Story["entry"]["article"]["images"];

/** Gives a story a picture, takes it out, or changes something of the picture that it has when it is its turn. */
export async function setPicture(
  id: string,
  images: Images | Partial<Images[number]>,
): Promise<Done> {
  const value = () => {
    const story = allStories.value.find(({ entry }) => idOf(entry) === id);
    const [image] = story?.entry.article.images ?? [];
    if ("length" in images) return images;
    return image ? [{ ...image, ...images }] : [];
  };
  return sendNow(() => [{ op: "set", id, field: "article.images", value: value() }]);
}

/** A change whose value the server checks. */
interface ValueChange {
  readonly op: "set";
  readonly id: string;
  readonly field: string;
  readonly value?: unknown;
}

/** Adds a story that an editor brings at the end of the issue, and chooses it. */
export async function addStory(what: string, body: object, signal: AbortSignal): Promise<Done> {
  const done = await post(what, body, signal);
  if (done.isDone) set({ story: stories.value.length });
  return done;
}

/** Moves a story to the end of a section; of a new one where none has the heading. */
export async function moveToSection(id: string, heading: string): Promise<Done> {
  return sendNow(() => {
    const parts = issue.value.digest.sections.map((section) => ({
      heading: section.heading,
      ids: section.entries.map(idOf).filter((one) => one !== id),
    }));
    const home = parts.findLast((part) => part.heading === heading);
    const moved = home
      ? parts.with(parts.indexOf(home), { heading, ids: [...home.ids, id] })
      : [...parts, { heading, ids: [id] }];
    const value = moved.filter(({ ids }) => ids.length > 0);
    return [{ op: "set", field: "layout", value }];
  });
}

/** Hides a story: where none is named, the one that is chosen when it is its turn. */
export async function hideStory(named?: Story) {
  await sendNow(() => {
    const story = named ?? chosenStory.value;
    return story && [{ op: "hide", id: idOf(story.entry), value: true }];
  });
}

/** Makes an article that was merged into a story one of its own. */
export async function partStory(guest: string, { entry }: Story): Promise<Done> {
  return sendNow(() => [{ op: "part", id: guest, value: idOf(entry) }]);
}

/** Has a story told by another, and chooses that. */
export async function joinStories(guest: Story, host: Story): Promise<Done> {
  const [id, value] = [idOf(guest.entry), idOf(host.entry)];
  choose(value);
  return sendNow(() => [{ op: "join", id, value }]);
}

/** Joins or parts two stories that may be one: those of the chosen finding, otherwise the likeliest. */
export async function decidePair(op: "join" | "part"): Promise<void> {
  const { findings = [] } = issue.value.report ?? {};
  const chosen = chosenFound.value?.finding;
  const pair = [chosen, ...findings].find((one) => one?.rule === "one-story");
  const { id, other } = pair?.where ?? {};
  if (id === undefined || other === undefined) return;
  const { isDone } = await sendNow(() => [{ op, id, value: other }]);
  const done = op === "join" ? "Joined the two stories" : "Parted the two stories";
  if (isDone) notice.value = `${done}. U takes it back.`;
}

export async function unhideStory({ entry }: Story) {
  await sendNow(() => [{ op: "hide", id: idOf(entry), value: false }]);
}

/** How many of the stories that follow are named: one of them is still there later. */
const FOLLOWERS = 5;

/** Moves the chosen story past the one before or after it. */
export async function moveStory(by: 1 | -1) {
  await sendNow(() => {
    const story = chosenStory.value;
    if (!story || !stories.value[story.number - 1 + by]) return undefined;
    return [moveBefore(idOf(story.entry), stories.value[story.number + (by > 0 ? 1 : -2)])];
  });
}

/** Chooses a story, and moves it before another, or to the end. */
export async function placeStory(id: string, before: Story | undefined) {
  choose(id);
  await sendNow(() => [moveBefore(id, before)]);
}

function moveBefore(id: string, before: Story | undefined): Change {
  const others = allStories.value.filter(({ entry }) => idOf(entry) !== id);
  const from = before ? others.indexOf(before) : others.length;
  const following = others.slice(from, from + FOLLOWERS);
  return { op: "move", id, before: following.map(({ entry }) => idOf(entry)) };
}

/** Takes back the last step, or does it again. */
export async function takeBack(step: "undo" | "redo") {
  await stepNow(async () => post(step, {}));
}
