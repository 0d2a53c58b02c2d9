const CODE = /`+[^`\n]*`+/;
/** `[[1]](https://…)` is an ordinary link, and `[[story: …]]` and `[[sponsor]]` are places in a letter. */
const EMBED = /!\[\[([^[\]|#^\n]*)([#^][^[\]|\n]*)?(?:\|([^[\]\n]*))?\]\]/;
const LINK =
  /\[\[(?!story:|sponsor\]\]|_?toc_?\]\])([^[\]|#^\n]*)([#^][^[\]|\n]*)?(?:\|([^[\]\n]*))?\]\](?!\()/;
const MARK = /(?<![\w=])==(?=[^\s=])((?:[^=\n]|=(?!=))*[^\s=])==(?![\w=])/;
const BLOCK_ID = /(?:^|[ \t])\^[a-z\d-]{1,40}[ \t]*$/i;
const PICTURE = /\.(?:avif|bmp|gif|jpe?g|png|svg|webp)$/i;
const INLINE = new RegExp(
  [CODE, EMBED, LINK, MARK].map(({ source }) => `(${source})`).join("|"),
  "g",
);

/** Returns a note by the name in an embed; undefined if the note is not in the folder. */
export type NoteOf = (name: string) => string | undefined;

/** Converts an Obsidian note to standard Markdown. An embedded note replaces its embed, unless it would embed itself. */
export function fromObsidian(
  markdown: string,
  noteOf: NoteOf,
  within: readonly string[] = [],
): string {
  if (!/\[\[|==|\^/.test(markdown)) return markdown;
  let fence = "";
  const lines = markdown.split("\n").map((line) => {
    const [, mark = ""] = /^[ \t>]*(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === "" ? mark !== "" : mark.startsWith(fence)) fence = fence === "" ? mark : "";
    if (fence !== "" || mark !== "") return line;
    return fromLine(line, noteOf, within);
  });
  return lines.join("\n");
}

function fromLine(line: string, noteOf: NoteOf, within: readonly string[]): string {
  return line.replace(BLOCK_ID, "").replace(INLINE, (all, ...groups: (string | undefined)[]) => {
    const [
      code,
      embed,
      note = "",
      part = "",
      alias = "",
      link,
      to = "",
      section = "",
      as = "",
      ,
      marked = "",
    ] = groups;
    if (code !== undefined) return all;
    if (embed !== undefined) return embedded({ note, part, alias }, noteOf, within);
    if (link !== undefined) return as || to || section.replace(/^[#^]+/, "");
    return marked;
  });
}

interface Embed {
  readonly note: string;
  readonly part: string;
  readonly alias: string;
}

const MOST_LEVELS = 10;

function embedded({ note, part, alias }: Embed, noteOf: NoteOf, within: readonly string[]): string {
  if (PICTURE.test(note)) return `![${/^\d+(?:x\d+)?$/.test(alias) ? "" : alias}](<${note}>)`;
  const text = within.includes(note) || within.length >= MOST_LEVELS ? undefined : noteOf(note);
  if (text === undefined) return "";
  const body = text.replace(/^---\n[^]*?\n---(?:\n|$)/, "");
  return `\n\n${fromObsidian(sectionOf(body, part), noteOf, [...within, note]).trim()}\n\n`;
}

/** The part of a note that an embed names: a section by its heading, or a block by its id. */
function sectionOf(text: string, part: string): string {
  if (part === "") return text;
  const lines = text.split("\n");
  if (/^#?\^/.test(part)) {
    const id = part.replace(/^#?\^/, "");
    return lines.find((line) => line.trimEnd().endsWith(`^${id}`)) ?? "";
  }
  const name = part.replace(/^.*#/, "").trim().toLowerCase();
  const start = lines.findIndex(
    (line) => /^#{1,6} /.test(line) && line.replace(/^#+ /, "").trim().toLowerCase() === name,
  );
  if (start === -1) return "";
  const level = /^#+/.exec(lines[start] ?? "")?.[0].length ?? 1;
  const end = lines.findIndex(
    (line, at) => at > start && (/^(#+) /.exec(line)?.[1]?.length ?? 7) <= level,
  );
  return lines.slice(start, end === -1 ? undefined : end).join("\n");
}

/** The names of the notes that a note embeds. */
export function embedsIn(markdown: string): string[] {
  return [...markdown.matchAll(new RegExp(EMBED, "g"))].flatMap(([, name = ""]) =>
    name === "" || PICTURE.test(name) ? [] : [name],
  );
}

const NOTION_PAGE = /^\ufeff?# (.+)\n\n((?:[^\n:]{1,60}: [^\n]*\n)+)(?:\n|$)/;
const NOTION_NAME = / [\da-f]{32}\.md$/i;
/** Properties that Notion adds to a page itself. */
const NOTION_OWN =
  /^(?:created(?: time| by)?|last edited (?:time|by)|status|tags|verification|owner):/im;
/** The front matter fields of page properties. All other properties are internal notes and are left out. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ["author", "author"],
  ["authors", "author"],
  ["written by", "author"],
  ["date", "date"],
  ["published", "date"],
  ["publish date", "date"],
  ["publication date", "date"],
  ["tags", "tags"],
  ["category", "categories"],
  ["categories", "categories"],
  ["summary", "summary"],
  ["description", "summary"],
  ["excerpt", "summary"],
  ["url", "url"],
  ["slug", "slug"],
  ["language", "language"],
]);

/** Converts the properties under the title of a Notion page to front matter. */
export function fromNotion(markdown: string, location: string): string {
  const [head, title = "", written = ""] =
    NOTION_PAGE.exec(markdown.replaceAll("\r\n", "\n")) ?? [];
  const isNotion = NOTION_NAME.test(location) || NOTION_OWN.test(written);
  if (head === undefined || !isNotion) return markdown;
  const properties = written.split("\n").flatMap((line) => {
    const [, name = "", value = ""] = /^([^:]+): (.*)$/.exec(line) ?? [];
    const isDraft =
      /^status$/i.test(name) && /draft|not started|in progress|to ?do|idea/i.test(value);
    if (isDraft) return ["draft: true"];
    const key = FIELDS.get(name.trim().toLowerCase());
    return key === undefined || value === "" ? [] : [`${key}: ${JSON.stringify(value)}`];
  });
  const fields = [`title: ${JSON.stringify(title)}`, ...properties];
  return `---\n${fields.join("\n")}\n---\n${markdown.replaceAll("\r\n", "\n").slice(head.length)}`;
}
