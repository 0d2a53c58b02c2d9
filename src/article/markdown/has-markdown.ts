const MARKS =
  /[*_`[\]<>\\~#]|%%|&#?\w+;|https?:|\{[{%:]|\|[ \t]*:?-{3}|^(?: {0,3}(?:[-+]|\d+[.)])\s| {4}|\t|[ \t]*(?:=+|-+)[ \t]*$)/m;

/**
 * Whether a text says anything that Markdown reads otherwise than plain text does. An article that somebody
 * copied into a file called .md says nothing of the kind, but has its headline, byline and furniture as any other.
 * Lines right under each other are one paragraph in Markdown, so they count as a mark.
 */
export function hasMarkdown(text: string): boolean {
  return MARKS.test(text) || /\S[ \t]*\n[ \t]*\S/.test(text);
}
