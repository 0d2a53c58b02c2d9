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
  standing,
} from "./store.ts";
import { capitalised, choose, chosenStory, idOf, same } from "./stories.ts";
import { indexOf, textNow, wordsOf } from "./texts.ts";

/** The number of requests in progress. */
export const requests = signal(0);

let isAsking = false;
let isToAskAgain = false;

let events: EventSource | undefined;
let isFirst = true;
/** Whether this desk has sent the issue. The page may hear that it does so no longer before the desk is gone. */
let isSentHere = desk.value?.life.isSending === true;

/**
 * Reloads the data whenever the server reports a change. A hidden tab closes its event stream: a browser allows six
 * connections to a server, and a seventh tab would not load.
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
    // A change to another issue affects only the list of issues and the notices about it.
    void (changed === "" || changed === name ? refresh() : refreshIssues());
  });
  stream.addEventListener("error", () => {
    // The browser reconnects when the server does not answer. It stops when the server refuses, which means that the key
    // belongs to an earlier run.
    const isRefused = stream.readyState === EventSource.CLOSED;
    const stopped = isSentHere && standing.value?.state !== "sent" ? SENDING_ENDED : "";
    notice.value = isRefused ? STARTED_ANEW : ENDED + stopped;
  });
  stream.addEventListener("open", () => {
    // Changes may have happened while the stream was closed.
    if (!isFirst) {
      notice.value = "";
      void refresh();
    }
    isFirst = false;
  });
  return stream;
}

/** Requests the page's data again. If another request arrives meanwhile, the data is requested once more. */
async function refresh() {
  isToAskAgain = isAsking;
  if (isAsking) return;
  const { path = "/" } = desk.value ?? {};
  if (isBeginning.value) return;
  // Before the first issue, the page has no path for an issue.
  if (path === "/") return location.reload();
  isAsking = true;
  // If the server has stopped, the event stream reports it as well.
  const { page } = await askDesk(encodeURI(`${path}/state`));
  if (page) show(page);
  isAsking = false;
  if (isToAskAgain) await refresh();
}

/** Requests the list of issues and the other data that all issues share. */
async function refreshIssues() {
  const name = desk.value?.path.slice(1) ?? "";
  const before = data.value;
  const { given } = await askDesk<Partial<DeskData>>(`/~issues?issue=${encodeURIComponent(name)}`);
  if (!given || !before.desk) return;
  // The page may already show a newer list.
  if (data.value !== before) return refreshIssues();
  data.value = { ...before, desk: { ...before.desk, ...given } };
}

/**
 * Shows new data unless the page already has newer data, because answers can arrive out of order. If the newest issue can't
 * be built, the last one stays. The chosen story and the focus stay the same.
 */
function show(given: PageData): void {
  const { run, read } = desk.value ?? {};
  if (given.desk?.run === run && (given.desk?.read ?? 0) < (read ?? 0)) return;
  isSentHere ||= given.desk?.life.isSending === true;
  const issue = given.issue ?? data.value.issue;
  const line = editing.value && issue && lineNow(editing.value, issue.digest);
  const chosen = hasIssue.value && chosenStory.value;
  const focused = document.activeElement;
  batch(() => {
    data.value = { ...given, issue };
    // The old notice was about the data shown before.
    notice.value = "";
    if (chosen) choose(idOf(chosen.entry));
    if (!line) return;
    editing.value = line;
    follow(line);
  });
  void keepFocus(focused);
}

/** Chooses the story of the edited text, which may have moved. */
function follow(text: Editing): void {
  if (text.id !== "") choose(text.id);
  if (text.field.startsWith("keyPoint.")) set({ point: `k${indexOf(text) + 1}` });
}

/** The text that an editor is changing, at its current place. A message warns the editor if another page has changed it. */
function lineNow(line: Editing, digest: Digest): Editing {
  const text = textNow(digest, line, line.before);
  const before = wordsOf(digest, text);
  const isOurs = before === line.before || same(before, draft.value);
  return { ...line, ...text, before, said: isOurs ? line.said : STALE };
}

/** The server's answer, or the reason for its refusal. */
export interface Done<T = unknown> {
  readonly isDone: boolean;
  readonly given?: T;
  readonly said?: string;
  /** The issue after the request, if the answer contains one. */
  readonly page?: PageData | undefined;
}

/** Sends a request to the server. A body, JSON or a file, changes data. If the server refuses, `said` is the reason. */
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
    return refused(signal?.aborted ? "Cancelled." : `${ENDED} ${STILL_HERE}`);
  } finally {
    requests.value -= 1;
  }
}

function refused(said: string) {
  return { isDone: false, said };
}

/** An error in one sentence, with its place in a file. */
function troubleText({ message, fix, at }: Partial<Trouble> = {}): string {
  const what = [message ?? "The server refused it.", at && ` (${at})`].join("");
  const text = fix ? `${what}: ${fix}` : what;
  // A file name keeps its case.
  return /^\S+\.\S/.test(text) ? text : capitalised(text);
}

/**
 * Sends a change to the server, then shows the server's state.
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
  // The change was to another issue.
  else if (page) await refreshIssues();
  return done;
}

/** A browser removes the focus from a control that is moved or replaced. Preact renders in a microtask that is already queued. */
async function keepFocus(focused: Element | null): Promise<void> {
  const key = focused?.getAttribute("data-key");
  await Promise.resolve();
  if (document.activeElement !== document.body || key === null || key === undefined) return;
  document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

const ENDED = "broadsheet desk has stopped. This is what it showed last.";
const SENDING_ENDED =
  " The sending has stopped too. To continue, open the desk again and send the rest.";
const STARTED_ANEW =
  "broadsheet desk was restarted: open the address that it has printed in its terminal.";
const STILL_HERE = "What you wrote is still here.";
const STALE =
  "This line of the issue was changed in the meantime. What you wrote is still here: check it, and save it again.";
