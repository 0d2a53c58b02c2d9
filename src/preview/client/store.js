/** @import { PageData, IssueData, IssueRow } from "../page-data.ts" */
/** @import { Settings } from "./settings.js" */
import { searchOf, settingsFrom } from "./settings.js";

/**
 * @typedef {object} Editing
 * @property {string} what Which line: `subject`, `preheader`, or a point of a story such as `0 g` or `2 k1`.
 * @property {string} id The story that it is of; empty for a line of the issue.
 * @property {string} text What is written for it.
 * @property {string} before What the issue has there.
 * @property {string} said What there is to say of it.
 */

/**
 * All that the page shows follows from this. A change to it goes through `change`.
 * @typedef {object} State
 * @property {PageData} data
 * @property {Settings} settings
 * @property {string} filter What lists are narrowed to.
 * @property {"" | "keys" | "test"} dialog
 * @property {string} notice A line for the reader of the page.
 * @property {Editing | undefined} editing The line that is being changed.
 * @property {boolean} allIssues Whether the list of issues is shown whole.
 * @property {boolean} isNotRunOpen Whether the checks that were not run are listed.
 * @property {number} version Counts what the server has sent.
 */

/** @type {State} */
export const state = {
  data: dataInPage(),
  settings: settingsFrom(location.search),
  filter: "",
  dialog: "",
  notice: "",
  editing: undefined,
  allIssues: false,
  isNotRunOpen: false,
  version: 0,
};

/** @type {(() => void)[]} */
const listeners = [];

/** @param {() => void} listener */
export function onChange(listener) {
  listeners.push(listener);
}

/** @param {Partial<Settings>} changed */
export function set(changed) {
  const settings = { ...state.settings, ...changed };
  change({ settings });
  later("address", () => {
    const address = `${location.pathname}${searchOf(state.settings)}`;
    history.replaceState(history.state, "", address);
  });
}

/** @type {Map<string, number>} */
const timers = new Map();

/**
 * Does something once things have calmed down: browsers count how often a page writes its history.
 * @param {string} what Asked for again, it is done once.
 * @param {() => void} task
 */
export function later(what, task) {
  clearTimeout(timers.get(what));
  timers.set(what, setTimeout(task, 150));
}

/** @param {Partial<State>} changed */
export function change(changed) {
  Object.assign(state, changed);
  for (const listener of listeners) listener();
}

/** @returns {IssueData} Only where there is one: see `state.data.issue`. */
export function issue() {
  const { issue: shown } = state.data;
  if (!shown) throw new Error("there is no issue to show");
  return shown;
}

/** What only a server knows; undefined in a file. */
export function desk() {
  return state.data.desk ?? undefined;
}

/** Where the open issue stands; undefined where that isn't known. */
export function standing() {
  const { issues = [], path = "" } = desk() ?? {};
  return issues.find((row) => pathOf(row) === path)?.standing ?? undefined;
}

/** @param {IssueRow} row */
export function pathOf({ newsletter, slot }) {
  return `/${newsletter}/${slot}`;
}

/** @returns {PageData} */
function dataInPage() {
  return JSON.parse(document.getElementById("page-data")?.textContent ?? "");
}
