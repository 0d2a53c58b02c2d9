import { batch, signal } from "@preact/signals";
import type { Digest } from "../../digest/digest.ts";
import type { DeskData, PageData, Trouble } from "../page-data.ts";
import { addressOf, KEY } from "./address.ts";
import {
  data,
  desk,
  draft,
  type Editing,
  editing,
  hasIssue,
  isBeginning,
  notice,
  refusal,
  set,
} from "./store.ts";
import { capitalised, choose, chosenStory, idOf, same } from "./stories.ts";
import { indexOf, textNow, wordsOf } from "./texts.ts";

/** How many requests are under way. */
export const requests = signal(0);

let isAsking = false;
let isToAskAgain = false;

let events: EventSource | undefined;
let isFirst = true;

/**
 * Shows what the server has anew whenever it says that something changed. A hidden tab lets go of
 * its stream, as a browser holds six connections to a server and would load no seventh tab.
 */
export function watchDesk() {
  const name = desk.value?.path.slice(1);
  if (name === undefined) return;
  document.addEventListener("visibilitychange", () => listenWhileSeen(name));
  listenWhileSeen(name);
}

function listenWhileSeen(name: string) {
  if (!document.hidden) {
    events ??= listen(name);
    return;
  }
  events?.close();
  events = undefined;
  isFirst = false;
}

function listen(name: string) {
  const changes = desk.value?.changes ?? 0;
  const stream = new EventSource(
    addressOf(`/~events?issue=${encodeURIComponent(name)}&changes=${changes}`),
  );
  stream.addEventListener("changed", ({ data: changed }) => {
    // A change of another issue shows in the list of issues, and in the notices about it.
    void (changed === "" || changed === name ? refresh() : refreshIssues());
  });
  stream.addEventListener("error", () => {
    // A browser tries again when no server answers. It gives up when it is refused: the key was of another run.
    const isRefused = stream.readyState === EventSource.CLOSED;
    const stopped = desk.value?.life.isSending ? SENDING_ENDED : "";
    notice.value = isRefused ? STARTED_ANEW : ENDED + stopped;
  });
  stream.addEventListener("open", () => {
    // Who knows what has happened in between.
    if (!isFirst) {
      notice.value = "";
      void refresh();
    }
    isFirst = false;
  });
  return stream;
}

/** Asks for the page's data again, once more where it was asked for meanwhile. */
async function refresh() {
  isToAskAgain = isAsking;
  if (isAsking) return;
  const { path = "/" } = desk.value ?? {};
  if (isBeginning.value) return;
  // Before there was any issue there was no place for one.
  if (path === "/") return location.reload();
  isAsking = true;
  // Where the server has gone, the stream of events says so too.
  const { page } = await askDesk(encodeURI(`${path}/state`));
  if (page) show(page);
  isAsking = false;
  if (isToAskAgain) await refresh();
}

/** Asks for the list of issues again, and for what else is of all of them. */
async function refreshIssues() {
  const name = desk.value?.path.slice(1) ?? "";
  const before = data.value;
  const { given } = await askDesk<Partial<DeskData>>(`/~issues?issue=${encodeURIComponent(name)}`);
  if (!given || !before.desk) return;
  // The page may show a newer list by now.
  if (data.value !== before) return refreshIssues();
  data.value = { ...before, desk: { ...before.desk, ...given } };
}

/**
 * Shows new data, unless the page has newer data already: answers may overtake each other. If the newest issue can't be
 * made, the last one stays. The chosen story stays the same, and the focus stays where it was.
 */
function show(given: PageData): void {
  const { run, read } = desk.value ?? {};
  if (given.desk?.run === run && (given.desk?.read ?? 0) < (read ?? 0)) return;
  const issue = given.issue ?? data.value.issue;
  const line = editing.value && issue && lineNow(editing.value, issue.digest);
  const chosen = hasIssue.value && chosenStory.value;
  const focused = document.activeElement;
  batch(() => {
    data.value = { ...given, issue };
    // What was said before was of what was shown before.
    notice.value = "";
    if (chosen) choose(idOf(chosen.entry));
    if (!line) return;
    editing.value = line;
    follow(line);
  });
  void keepFocus(focused);
}

/** Chooses the text that is being changed, which may stand elsewhere by now. */
function follow(text: Editing): void {
  if (text.id !== "") choose(text.id);
  if (text.field.startsWith("keyPoint.")) set({ point: `k${indexOf(text) + 1}` });
}

/**
 * The line that an editor is changing, where it stands by now. The editor is told where another page has changed it
 * meanwhile.
 */
function lineNow(line: Editing, digest: Digest): Editing {
  const text = textNow(digest, line, line.before);
  const before = wordsOf(digest, text);
  const isOurs = before === line.before || same(before, draft.value);
  return { ...line, ...text, before, said: isOurs ? line.said : STALE };
}

/** The answer of the server, or why it refused. */
export interface Done<T = unknown> {
  readonly isDone: boolean;
  readonly given?: T;
  readonly said?: string;
  /** The issue as the server has it then, where the answer shows one. */
  readonly page?: PageData | undefined;
}

/**
 * Asks the server for something, or changes it with a body: JSON, or a file as it is. Where the server refuses, `said` is why.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the answer has the type that the route gives
export async function askDesk<T>(
  path: string,
  body?: object | Blob,
  signal: AbortSignal | null = null,
): Promise<Done<T>> {
  requests.value += 1;
  try {
    const isFile = body instanceof Blob;
    const answer = await fetch(addressOf(path), {
      headers: { "broadsheet-key": KEY, ...(!isFile && { "content-type": "application/json" }) },
      ...(body && { method: "POST", body: isFile ? body : JSON.stringify(body) }),
      signal,
    });
    if (answer.status === 403) return refused(`${STARTED_ANEW} ${STILL_HERE}`);
    const isJson = answer.headers.get("content-type")?.includes("json");
    const given = isJson ? await answer.json() : { trouble: { message: await answer.text() } };
    const page = "mode" in given ? given : undefined;
    if (answer.ok) return { isDone: true, given, page };
    return { ...refused(answer.status === 409 ? STALE : troubleText(given.trouble)), page };
  } catch {
    return refused(signal?.aborted ? "Given up." : `${ENDED} ${STILL_HERE}`);
  } finally {
    requests.value -= 1;
  }
}

function refused(said: string) {
  return { isDone: false, said };
}

/** An error in one sentence, with its place in a file. */
function troubleText({ message, fix, at }: Partial<Trouble> = {}): string {
  const what = [message ?? "The server would not have it.", at && ` (${at})`].join("");
  const text = fix ? `${what}: ${fix}` : what;
  // A name of a file stays as it is.
  return /^\S+\.\S/.test(text) ? text : capitalised(text);
}

/**
 * Does something on the server. What the server has then is shown.
 * @param what A part of the issue's own path, or a path of the server.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
export async function post<T>(what: string, body: object, signal?: AbortSignal): Promise<Done<T>> {
  const { path = "" } = desk.value ?? {};
  const address = what.startsWith("/") ? what : `${encodeURI(path)}/${what}`;
  refusal.value = "";
  const done = await askDesk<T>(address, body, signal);
  const { page } = done;
  if (page?.desk?.path === path) show(page);
  // Another issue was changed.
  else if (page) await refreshIssues();
  return done;
}

/** A browser takes the focus from a control that is moved or made anew. Preact draws in a microtask that is already waiting. */
async function keepFocus(focused: Element | null): Promise<void> {
  const key = focused?.getAttribute("data-key");
  await Promise.resolve();
  if (document.activeElement !== document.body || key === null || key === undefined) return;
  document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

const ENDED = "broadsheet desk has ended: this is what it showed last.";
const SENDING_ENDED =
  " The sending has stopped with it, and goes on when you open the desk and send the rest.";
const STARTED_ANEW =
  "broadsheet desk was started anew: open the address that it has printed in its terminal.";
const STILL_HERE = "What you wrote is still here.";
const STALE =
  "This issue was changed meanwhile, in this line. What you wrote is still here: look, and save it again.";
