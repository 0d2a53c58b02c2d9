/** The views, by their keys. `isFramed`: the view shows the email itself, in frames. */
export const VIEWS = [
  { name: "light", key: "1", title: "Light", isFramed: true },
  { name: "dark", key: "2", title: "Dark", isFramed: true },
  { name: "inverted", key: "3", title: "Inverted", isFramed: true },
  { name: "images-off", key: "4", title: "Images off", isFramed: true },
  { name: "no-style", key: "5", title: "No style", isFramed: true },
  { name: "webmail", key: "0", title: "Webmail", isFramed: true },
  { name: "text", key: "6", title: "Text", isFramed: false },
  { name: "source", key: "7", title: "Source", isFramed: false },
  { name: "headers", key: "8", title: "Headers", isFramed: false },
  { name: "model", key: "9", title: "Model", isFramed: false },
] as const;

export type ViewName = (typeof VIEWS)[number]["name"];

/** The panels of the desk. All except the issue concern the newsletter, and a preview file does not have them. */
export const PLACES = [
  { name: "issue", title: "Issue" },
  { name: "look", title: "Look" },
  { name: "sources", title: "Sources" },
  { name: "list", title: "Readers" },
  { name: "sender", title: "Sender" },
] as const;

export type PlaceName = (typeof PLACES)[number]["name"];

/** The settings of the page. All of them are in the address: another person sees the same, and a reload changes nothing. */
export interface Settings {
  readonly place: PlaceName;
  readonly view: ViewName;
  /** The frames to show; empty: as many as fit. */
  readonly show: "" | "both" | "phone" | "desktop";
  /** The widths of the two frames in px. */
  readonly phone: number;
  readonly desktop: number;
  /** Counted from 1. */
  readonly story: number;
  /** Counted from 1; 0 for none. */
  readonly finding: number;
  /** The chosen point of the model view: see model-parts.ts. */
  readonly point: string;
  /** Whether the model view shows the near misses. */
  readonly near: boolean;
  /** The mail program of the inbox view. */
  readonly inbox: string;
  /** The theme of the page itself; empty: the theme of the operating system. */
  readonly theme: "" | "light" | "dark";
  /** Whether the side columns are hidden. */
  readonly alone: boolean;
  /** Whether dark mode is simulated even if the browser supports it. */
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

/** The permitted values of enumerated settings. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  place: PLACES.map(({ name }) => name),
  view: VIEWS.map(({ name }) => name),
  show: ["both", "phone", "desktop"],
  theme: ["light", "dark"],
};

/** The minimum and maximum of numeric settings. */
const LIMITS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  phone: [240, 1600],
  desktop: [240, 1600],
  story: [1, 9999],
  finding: [0, 9999],
};

/** The settings in the query of an address. An invalid value gives the default. */
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

/** The query for some settings. Default values are omitted. */
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
