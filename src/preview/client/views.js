/** @import { ViewName } from "./settings.js" */

/**
 * @typedef {object} View
 * @property {ViewName} name
 * @property {string} key
 * @property {string} title
 * @property {boolean} isFramed Whether it shows the email itself, in frames.
 * @property {string} caption What the reader of the page should know of it; empty where it is plain to see.
 */

/** @type {readonly View[]} */
export const VIEWS = [
  { name: "light", key: "1", title: "Light", isFramed: true, caption: "" },
  { name: "dark", key: "2", title: "Dark", isFramed: true, caption: "" },
  {
    name: "inverted",
    key: "3",
    title: "Inverted",
    isFramed: true,
    caption:
      "A simulation of apps that invert what they are given, as Gmail and Outlook do on phones: the issue’s own dark colours are not asked.",
  },
  { name: "images-off", key: "4", title: "Images off", isFramed: true, caption: "" },
  {
    name: "no-style",
    key: "5",
    title: "No style",
    isFramed: true,
    caption: "Without <style>, as Gmail shows it to other accounts.",
  },
  {
    name: "webmail",
    key: "0",
    title: "Webmail",
    isFramed: true,
    caption: "As a webmail sanitiser leaves it.",
  },
  { name: "text", key: "6", title: "Text", isFramed: false, caption: "" },
  { name: "source", key: "7", title: "Source", isFramed: false, caption: "" },
  { name: "headers", key: "8", title: "Headers", isFramed: false, caption: "" },
  { name: "model", key: "9", title: "Model", isFramed: false, caption: "" },
];

/**
 * @param {ViewName} name
 * @returns {View}
 */
export function viewNamed(name) {
  const found = VIEWS.find((view) => view.name === name);
  if (!found) throw new Error(`there is no view ${name}`);
  return found;
}
