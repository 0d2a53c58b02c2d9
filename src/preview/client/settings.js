/**
 * The views, by their keys. `isFramed`: it shows the email itself, in frames. `caption`: what the reader of the page
 * should know of it; empty where it is plain to see.
 */
export const VIEWS = /** @type {const} */ ([
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
]);

/** @typedef {typeof VIEWS[number]["name"]} ViewName */

/**
 * What an editor has set in the page. All of it stands in the address, so that the address shows another person the
 * same, and a reload changes nothing.
 * @typedef {object} Settings
 * @property {ViewName} view
 * @property {"" | "both" | "phone" | "desktop"} show Which frames; empty: as the window has room.
 * @property {number} phone Widths of the two frames, px.
 * @property {number} desktop
 * @property {number} story From 1.
 * @property {number} finding From 1; 0 for none.
 * @property {string} point The chosen sentence of the model: see model-parts.js.
 * @property {boolean} near Whether the model shows what was nearly chosen.
 * @property {string} inbox Which mail program cuts the inbox row.
 * @property {"" | "light" | "dark"} theme Of the page itself; empty: the system's.
 * @property {boolean} alone Whether the columns at the sides are put away.
 * @property {boolean} linked Whether the frames scroll together.
 * @property {string} find What is looked for in text, source and headers.
 * @property {boolean} fallback Whether dark mode is simulated where the browser could do it.
 */

/** @type {Readonly<Settings>} */
const DEFAULTS = {
  view: "light",
  show: "",
  phone: 375,
  desktop: 640,
  story: 1,
  finding: 0,
  point: "",
  near: false,
  inbox: "",
  theme: "",
  alone: false,
  linked: true,
  find: "",
  fallback: false,
};

/**
 * @param {string} search The part of an address from its `?` on.
 * @returns {Settings}
 */
export function settingsFrom(search) {
  const given = new URLSearchParams(search);
  const text = (/** @type {string} */ name) => given.get(name) ?? "";
  return {
    view: VIEWS.find(({ name }) => name === text("view"))?.name ?? DEFAULTS.view,
    show: oneOf(text("show"), ["both", "phone", "desktop"]),
    phone: numberFrom(text("phone"), { least: 240, most: 1600, otherwise: DEFAULTS.phone }),
    desktop: numberFrom(text("desktop"), { least: 240, most: 1600, otherwise: DEFAULTS.desktop }),
    story: numberFrom(text("story"), { least: 1, most: 9999, otherwise: 1 }),
    finding: numberFrom(text("finding"), { least: 0, most: 9999, otherwise: 0 }),
    point: text("point"),
    near: text("near") === "1",
    inbox: text("inbox"),
    theme: oneOf(text("theme"), ["light", "dark"]),
    alone: text("alone") === "1",
    linked: text("linked") !== "0",
    find: text("find"),
    fallback: text("fallback") === "1",
  };
}

/**
 * The address for some settings: only what is not as it is by default.
 * @param {Settings} settings
 * @returns {string}
 */
export function searchOf(settings) {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(settings)) {
    const isDefault = Object.entries(DEFAULTS).some(([key, at]) => key === name && at === value);
    if (!isDefault) said.set(name, typeof value === "boolean" ? String(Number(value)) : `${value}`);
  }
  return said.size === 0 ? "" : `?${said}`;
}

/**
 * @template {string} T
 * @param {string} text
 * @param {readonly T[]} known
 * @returns {T | ""}
 */
function oneOf(text, known) {
  return known.find((name) => name === text) ?? "";
}

/**
 * @param {string} text
 * @param {{ least: number, most: number, otherwise: number }} limits
 */
function numberFrom(text, { least, most, otherwise }) {
  const number = Number(text);
  const isGood = /^\d+$/.test(text) && number >= least && number <= most;
  return isGood ? number : otherwise;
}

/** @param {ViewName} name */
export function viewNamed(name) {
  const found = VIEWS.find((view) => view.name === name);
  if (!found) throw new Error(`there is no view ${name}`);
  return found;
}
