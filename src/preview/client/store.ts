import { batch, computed, type Signal, signal } from "@preact/signals";
import type { IssueData, IssueRow, PageData } from "../page-data.ts";
import { type Settings, searchOf, settingsFrom } from "./settings.ts";

/** A text that an editor can change. */
export interface Text {
  /** The id of its story, or of the first story of the section with this heading; empty for a text of the issue. */
  readonly id: string;
  /**
   * For example `subject`, `article.title`, `keyPoint.0`, `summary.people.1.role` or `letter.blocks.2`; `keyPoint.+1` adds
   * a key point there.
   */
  readonly field: string;
}

/** A text that the editor is changing. The words typed are in `draft`. */
export interface Editing extends Text {
  /** The text in the issue. */
  readonly before: string;
  /** A message to the editor about the text. */
  readonly said: string;
  /** Whether the text is edited in the email instead of a field of the page. */
  readonly isInPlace: boolean;
  /** An identity that stays the same while the editor is open. */
  readonly opened: symbol;
}

/** The whole page derives from these signals. */
export const data = signal(dataInPage());
/** The filter of the lists. */
export const filter = signal("");
export const dialog = signal("");
/** A message to the reader of the page. */
export const notice = signal("");
/** The reason why the last step was refused. It is shown until the next step, even if the data changes. */
export const refusal = signal("");
export const editing = signal<Editing | undefined>(undefined);
/** The words typed for the edited text. */
export const draft = signal("");
/** Whether the setup form of a new newsletter is shown. It stays until the server has the first issue. */
export const isBeginning = signal(IS_DESK && data.value.desk?.isNew === true);
export const allIssues = signal(false);
/** Whether the list of skipped checks is open. */
export const isNotRunOpen = signal(false);
export const settings = eachInSignal(settingsFrom(location.search));

/** The query of the address, which contains the settings. */
export const search = computed(() =>
  searchOf(Object.entries(settings).map(([name, { value }]) => [name, value])),
);

/** To be read only if there is an issue: see `hasIssue`. */
export const issue = computed((): IssueData => {
  const { issue: shown } = data.value;
  if (!shown) throw new Error("there is no issue to show");
  return shown;
});

export const hasIssue = computed(() => data.value.issue !== null);

/** The data that only a server has; undefined in a page from a file. */
export const desk = computed(() => data.value.desk ?? undefined);

/** The state of the open issue; undefined if it is not known. */
export const standing = computed(() => {
  const { issues = [], path = "" } = desk.value ?? {};
  return issues.find((row) => pathOf(row) === path)?.standing ?? undefined;
});

/** Whether the issue shown is being sent or was sent. Then it can't be changed. */
export const isFrozen = computed(() => ["sending", "sent"].includes(standing.value?.state ?? ""));

/** Whether the issue shown can be edited here. */
export const canEdit = computed(() => IS_DESK && desk.value?.canEdit === true && !isFrozen.value);

/** Changes settings. The address follows after a short delay. */
export function set(changed: Partial<Settings>): void {
  batch(() => assign(settings, changed));
  later("address", () => {
    history.replaceState(history.state, "", `${location.pathname}${search.value}`);
  });
}

type InSignals<T> = { readonly [K in keyof T]: Signal<T[K]> };

function eachInSignal({ ...values }: Settings): InSignals<Settings> {
  const entries = Object.entries(values).map(([name, value]) => [name, signal(value)]);
  return Object.fromEntries(entries);
}

function assign(signals: InSignals<Settings>, changed: Partial<Settings>): void {
  const named: Readonly<Record<string, Signal<unknown>>> = { ...signals };
  for (const [name, value] of Object.entries(changed)) {
    const one = named[name];
    if (one) one.value = value;
  }
}

const timers = new Map<string, number>();

/** Runs a task after a short delay, because browsers limit how often a page may write its history. */
export function later(what: string, task: () => void): void {
  clearTimeout(timers.get(what));
  timers.set(what, setTimeout(task, 150));
}

export function pathOf({ newsletter, slot }: IssueRow): string {
  return `/${newsletter}/${slot}`;
}

function dataInPage(): PageData {
  return JSON.parse(document.getElementById("page-data")?.textContent ?? "");
}
