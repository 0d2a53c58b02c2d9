import { batch, computed, type Signal, signal } from "@preact/signals";
import type { IssueData, IssueRow, PageData } from "../page-data.ts";
import { type Settings, searchOf, settingsFrom } from "./settings.ts";

/** A text that an editor can change. */
export interface Text {
  /** Its story, or the first story of the section that it heads; empty for a text of the issue. */
  readonly id: string;
  /** `subject`, `article.title`, `keyPoint.0`, `summary.people.1.role`, `letter.blocks.2`; `keyPoint.+1` is one to add there. */
  readonly field: string;
}

/** A text that the editor is changing. The words that are written are `draft`. */
export interface Editing extends Text {
  /** What the issue has there. */
  readonly before: string;
  /** A message for the editor about it. */
  readonly said: string;
  /** Whether it is written where it stands in the email, and not in a field of the page. */
  readonly isInPlace: boolean;
  /** The same as long as the editor of the text is open. */
  readonly opened: symbol;
}

/** Everything that the page shows follows from these signals. */
export const data = signal(dataInPage());
/** What lists are narrowed to. */
export const filter = signal("");
export const dialog = signal("");
/** A line for the reader of the page. */
export const notice = signal("");
/** Why the last step was refused. It is shown until the next step, whatever changes meanwhile. */
export const refusal = signal("");
export const editing = signal<Editing | undefined>(undefined);
/** What is written for the line that is being changed. */
export const draft = signal("");
/** Whether a new newsletter is being begun, which the page goes on with when the server has its first issue. */
export const isBeginning = signal(IS_DESK && data.value.desk?.isNew === true);
/** Whether the list of issues is shown whole. */
export const allIssues = signal(false);
/** Whether the checks that were not run are listed. */
export const isNotRunOpen = signal(false);
export const settings = eachInSignal(settingsFrom(location.search));

/** The part of the address that says the settings, from its `?` on. */
export const search = computed(() =>
  searchOf(Object.entries(settings).map(([name, { value }]) => [name, value])),
);

/** Only where there is an issue to show: see `hasIssue`. */
export const issue = computed((): IssueData => {
  const { issue: shown } = data.value;
  if (!shown) throw new Error("there is no issue to show");
  return shown;
});

export const hasIssue = computed(() => data.value.issue !== null);

/** What only a server knows; undefined in a file. */
export const desk = computed(() => data.value.desk ?? undefined);

/** Where the open issue stands; undefined where that isn't known. */
export const standing = computed(() => {
  const { issues = [], path = "" } = desk.value ?? {};
  return issues.find((row) => pathOf(row) === path)?.standing ?? undefined;
});

/** Whether its readers get the issue that is shown, or have it. Then it can't be changed. */
export const isFrozen = computed(() => ["sending", "sent"].includes(standing.value?.state ?? ""));

/** Whether the issue that is shown can be changed here. */
export const canEdit = computed(() => IS_DESK && desk.value?.canEdit === true && !isFrozen.value);

/** Changes settings, which the address shows once things have calmed down. */
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

/** Does a task once things have calmed down: browsers limit how often a page writes its history. */
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
