/** Other forms of a page, for training and tests. A story must be found without its classes and without paragraphs. */
const FORMS: Readonly<Record<string, (html: string) => string>> = {
  bare: (html) => html.replace(NAMES, ""),
  divs: (html) => html.replace(/<(\/?)p(?=[\s>])/gi, "<$1div"),
  breaks: (html) => html.replace(/<\/p>\s*<p(?:\s[^>]*)?>/gi, "<br><br>"),
};

const NAMES = /\s(?:class|id|role|itemprop|data-[\w-]+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi;

export function remade(html: string, form: string): string {
  return FORMS[form]?.(html) ?? html;
}
