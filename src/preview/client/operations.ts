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
 * All changes that the page makes to the issue. Each function sends one step of operations, which can be undone. The server
 * answers with the new issue.
 */

/** Saves an edited text. On failure the message gives the reason. */
export async function saveText(line: Editing, words: string): Promise<Done> {
  const isTooLong = excessOf(line, words.length);
  if (isTooLong) return { isDone: false, said: isTooLong };
  // The text may have moved before its turn.
  const now = () => (editing.value?.opened === line.opened ? editing.value : line);
  return send(() => changesOf(issue.value.digest, now(), now().before, words));
}

/** A message if a text exceeds its limit of characters; otherwise empty. */
export function excessOf(text: Text, characters: number): string {
  const [is, may] = [characters, mostOf(text)].map((count) => count.toLocaleString("en"));
  return characters > mostOf(text)
    ? `This would have ${is} characters, and the limit is ${may}. Your words are still here.`
    : "";
}

/** Restores the text that the build produced. */
export async function putBack(text: Text): Promise<void> {
  await sendNow(() => {
    const undoes = editedBy(text);
    return undoes && [{ op: "drop", undoes }];
  });
}

/** The edit lines that changed a text; undefined if the text is as built. */
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

/** Runs tasks one after the other, because each depends on the result of the one before. */
export async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const done = before.then(task);
  before = done.catch(() => undefined);
  return done;
}

/**
 * Sends the changes of one step after the earlier steps are done.
 * @param where The address for the edits of another issue.
 */
export async function send(changes: () => object[], where = "edit"): Promise<Done> {
  return inTurn(async () => post(where, { changes: changes() }));
}

/** Sends changes that need no input field. Does nothing if there are none. */
async function sendNow(
  changes: () => readonly (NewLine | ValueChange)[] | undefined,
): Promise<Done> {
  return stepNow(async () => {
    const given = changes();
    return given ? post("edit", { changes: given }) : { isDone: true };
  });
}

/** Runs a step in turn. The bar shows the reason for a failure. */
async function stepNow(step: () => Promise<Done>): Promise<Done> {
  return inTurn(async () => {
    const done = canEdit.value ? await step() : { isDone: false, said: UNCHANGEABLE };
    refusal.value = done.said ?? "";
    return done;
  });
}

const UNCHANGEABLE = "This issue can’t be changed now.";

/** Sets a field of a story, or removes it if there is no value. */
export async function setField(id: string, field: string, value: unknown): Promise<Done> {
  return sendNow(() => [{ op: "set", id, field, ...(value !== undefined && { value }) }]);
}

type Images = Story["entry"]["article"]["images"];

/** Sets, removes or changes the picture of a story. A change starts from the picture that the story has when the step runs. */
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

/** A change to a value, which the server validates. */
interface ValueChange {
  readonly op: "set";
  readonly id: string;
  readonly field: string;
  readonly value?: unknown;
}

/** Adds an editor's story at the end of the issue and chooses it. */
export async function addStory(what: string, body: object, signal: AbortSignal): Promise<Done> {
  const done = await post(what, body, signal);
  if (done.isDone) set({ story: stories.value.length });
  return done;
}

/** Moves a story to the end of a section. If no section has the heading, a new one is added. */
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

/** Hides the named story, or the story that is chosen when the step runs. */
export async function hideStory(named?: Story) {
  await sendNow(() => {
    const story = named ?? chosenStory.value;
    return story && [{ op: "hide", id: idOf(story.entry), value: true }];
  });
}

/** Makes a merged article a story of its own. */
export async function partStory(guest: string, { entry }: Story): Promise<Done> {
  return sendNow(() => [{ op: "part", id: guest, value: idOf(entry) }]);
}

/** Merges a story into another one and chooses the other. */
export async function joinStories(guest: Story, host: Story): Promise<Done> {
  const [id, value] = [idOf(guest.entry), idOf(host.entry)];
  choose(value);
  return sendNow(() => [{ op: "join", id, value }]);
}

/** Joins or parts a pair of stories that may be the same: the pair of the chosen finding, otherwise the most likely pair. */
export async function decidePair(op: "join" | "part"): Promise<void> {
  const { findings = [] } = issue.value.report ?? {};
  const chosen = chosenFound.value?.finding;
  const pair = [chosen, ...findings].find((one) => one?.rule === "one-story");
  const { id, other } = pair?.where ?? {};
  if (id === undefined || other === undefined) return;
  const { isDone } = await sendNow(() => [{ op, id, value: other }]);
  const done = op === "join" ? "Joined the two stories" : "Kept both stories";
  if (isDone) notice.value = `${done}. U takes it back.`;
}

export async function unhideStory({ entry }: Story) {
  await sendNow(() => [{ op: "hide", id: idOf(entry), value: false }]);
}

/** The number of following stories that an edit names, in case some of them are removed later. */
const FOLLOWERS = 5;

/** Moves the chosen story past the one before or after it in the email. */
export async function moveStory(by: 1 | -1) {
  await move(() => {
    const story = chosenStory.value;
    const passed = story && stories.value[story.number - 1 + by];
    if (!passed) return undefined;
    const id = idOf(story.entry);
    return moveTo(othersThan(id).indexOf(passed) + (by > 0 ? 1 : 0), id);
  });
}

/** Chooses a story, and moves it before another story or to the end. */
export async function placeStory(id: string, before: Story | undefined) {
  choose(id);
  await move(() => {
    const others = othersThan(id);
    return moveTo(before ? others.indexOf(before) : others.length, id);
  });
}

/** Moves a story. The forms of the stories may keep the order of the email, and then a message says so. */
async function move(change: () => Change | undefined): Promise<void> {
  let was: readonly string[] = [];
  let moved: Change | undefined;
  const { isDone } = await sendNow(() => {
    [was, moved] = [shownIds(), change()];
    return moved && [moved];
  });
  if (isDone && moved && shownIds().join() === was.join()) refusal.value = SAME_ORDER;
}

function shownIds(): string[] {
  return stories.value.map(({ entry }) => idOf(entry));
}

const SAME_ORDER =
  "The email keeps the same order: its pairs, rows and briefs need texts that fit. “Shown” changes the form of a story.";

function othersThan(id: string): readonly Story[] {
  return allStories.value.filter(({ entry }) => idOf(entry) !== id);
}

/** Moves a story to a place among the others, in the order of `digest.json`. */
function moveTo(place: number, id: string): Change {
  const following = othersThan(id).slice(place, place + FOLLOWERS);
  return { op: "move", id, before: following.map(({ entry }) => idOf(entry)) };
}

export async function takeBack(step: "undo" | "redo") {
  await stepNow(async () => post(step, {}));
}
