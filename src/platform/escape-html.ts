const REFERENCES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);

const BRACE = "&#123;";

const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ...Array.from(REFERENCES, ([character, reference]) => [reference, character] as const),
  [BRACE, "{"],
]);

/** Text as HTML shows it, in an element or an attribute in double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => REFERENCES.get(character) ?? character);
}

/** The same for an email: no mail service further on may take a title such as `{{name}}` for a merge field. */
export function escapeMailHtml(text: string): string {
  return escapeHtml(text).replaceAll("{", BRACE);
}

/** The text of HTML that was escaped here, which has these five references and no others. */
export function unescapeHtml(html: string): string {
  return html.replace(
    /&(?:amp|lt|gt|quot|#123);/g,
    (reference) => CHARACTERS.get(reference) ?? reference,
  );
}
