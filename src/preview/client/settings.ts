/**
 * The views, by their keys. `isFramed`: it shows the email itself, in frames. `caption`: what the reader of the page
 * should know of it; empty where it is plain to see.
 */
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
] as const;

export type ViewName = (typeof VIEWS)[number]["name"];

/** What the desk is open at. All but the issue are of the newsletter, and no file of an issue has them. */
export const PLACES = [
  { name: "issue", title: "Issue" },
  { name: "look", title: "Look" },
  { name: "sources", title: "Sources" },
  { name: "list", title: "Readers" },
  { name: "sender", title: "Sender" },
] as const;

export type PlaceName = (typeof PLACES)[number]["name"];

/**
 * What an editor has set in the page. All of it stands in the address, so that the address shows another person the
 * same, and a reload changes nothing.
 */
export interface Settings {
  readonly place: PlaceName;
  readonly view: ViewName;
  /** Which frames; empty: as the window has room. */
  readonly show: "" | "both" | "phone" | "desktop";
  /** Widths of the two frames, px. */
  readonly phone: number;
  readonly desktop: number;
  /** From 1. */
  readonly story: number;
  /** From 1; 0 for none. */
  readonly finding: number;
  /** The chosen sentence of the model: see model-parts.ts. */
  readonly point: string;
  /** Whether the model shows what was nearly chosen. */
  readonly near: boolean;
  /** Which mail program cuts the inbox row. */
  readonly inbox: string;
  /** Of the page itself; empty: the system's. */
  readonly theme: "" | "light" | "dark";
  /** Whether the columns at the sides are put away. */
  readonly alone: boolean;
  /** Whether dark mode is simulated where the browser could do it. */
  readonly fallback: boolean;
}

const DEFAULTS: Readonly<Settings> = {
  place: "issue",
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
  fallback: false,
};

/** The values of settings that take no others. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  place: PLACES.map(({ name }) => name),
  view: VIEWS.map(({ name }) => name),
  show: ["both", "phone", "desktop"],
  theme: ["light", "dark"],
};

/** The least and the most of settings that are numbers. */
const LIMITS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  phone: [240, 1600],
  desktop: [240, 1600],
  story: [1, 9999],
  finding: [0, 9999],
};

/** The settings in the part of an address from its `?` on. What can't be one is as by default. */
export function settingsFrom(search: string): Settings {
  const given = new URLSearchParams(search);
  const settings = Object.entries(DEFAULTS).map(([name, usual]) => {
    const text = given.get(name);
    return [name, (text === null ? undefined : valueFrom(text, name, usual)) ?? usual];
  });
  return Object.fromEntries(settings);
}

function valueFrom(text: string, name: string, usual: unknown) {
  if (typeof usual === "boolean") return /^[01]$/.test(text) ? text === "1" : undefined;
  if (typeof usual === "string") return KNOWN[name]?.includes(text) === false ? undefined : text;
  const [least, most] = LIMITS[name] ?? [0, 0];
  const number = Number(text);
  return /^\d+$/.test(text) && number >= least && number <= most ? number : undefined;
}

/** The address for some settings: only what is not as it is by default. */
export function searchOf(settings: Iterable<readonly [string, string | number | boolean]>): string {
  const said = new URLSearchParams();
  for (const [name, value] of settings) {
    const isDefault = Object.entries(DEFAULTS).some(([key, at]) => key === name && at === value);
    if (!isDefault) said.set(name, typeof value === "boolean" ? String(Number(value)) : `${value}`);
  }
  return said.size === 0 ? "" : `?${said}`;
}

export function viewNamed(name: ViewName): (typeof VIEWS)[number] {
  const found = VIEWS.find((view) => view.name === name);
  if (!found) throw new Error(`there is no view ${name}`);
  return found;
}
