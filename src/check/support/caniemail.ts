import data from "./caniemail.json" with { type: "json" };

/** A feature of HTML, CSS or pictures, as caniemail.com has tested it. */
export interface Feature {
  /** `html-video`, `css-at-media` */
  readonly slug: string;
  /** `<video> element`, `@media` */
  readonly title: string;
  readonly url: string;
  /** What the newest version does that was tested of a client, such as `gmail.ios`. */
  supportIn(client: string): Support;
}

interface Support {
  readonly level: "yes" | "partly" | "no" | "unknown";
  /** What restricts it, in the words of caniemail.com. */
  readonly note?: string | undefined;
}

/** The day of the data, YYYY-MM-DD. */
export const SUPPORT_DATE = data.date;

const CLIENTS: ReadonlyMap<string, { readonly name: string; readonly column: number }> = new Map(
  data.clients.map(({ client, name }, column) => [client, { name, column }]),
);

/** By their slugs. */
export const FEATURES: ReadonlyMap<string, Feature> = new Map(
  data.features.map(({ slug, title, support, notes }) => {
    const columns = support.split(" ");
    const url = `https://www.caniemail.com/features/${slug}/`;
    const supportIn = (client: string) =>
      supportOf(columns[CLIENTS.get(client)?.column ?? -1] ?? "", notes);
    return [slug, { slug, title, url, supportIn }];
  }),
);

/** Every client that was tested: its family and platform, such as `gmail.ios`. */
export function testedClients(): string[] {
  return [...CLIENTS.keys()];
}

/** What a client is called: "Gmail on Android". */
export function clientName(client: string): string {
  return CLIENTS.get(client)?.name ?? client;
}

/** `a2`: the letter says how far, the number which note restricts it. */
function supportOf(value: string, notes: readonly string[]): Support {
  const level = LEVELS.get(value.charAt(0)) ?? "unknown";
  const note = notes[Number(value.slice(1)) - 1];
  return note === undefined ? { level } : { level, note };
}

const LEVELS: ReadonlyMap<string, Support["level"]> = new Map([
  ["y", "yes"],
  ["a", "partly"],
  ["n", "no"],
]);
