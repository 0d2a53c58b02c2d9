/** @import { PageData, IssueData } from "../page-data.ts" */
/** @import { Settings } from "./settings.js" */
import { searchOf, settingsFrom } from "./settings.js";

/**
 * All that the page shows follows from this. Whoever changes it calls `change`.
 * @typedef {object} State
 * @property {PageData} data
 * @property {Settings} settings
 * @property {string} filter What lists are narrowed to.
 * @property {"" | "keys"} dialog
 * @property {string} notice A line for the reader of the page.
 */

/** @type {State} */
export const state = {
  data: dataInPage(),
  settings: settingsFrom(location.search),
  filter: "",
  dialog: "",
  notice: "",
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

/** @returns {IssueData} */
export function issue() {
  return state.data.issue;
}

/** @returns {PageData} */
function dataInPage() {
  return JSON.parse(document.getElementById("page-data")?.textContent ?? "");
}
