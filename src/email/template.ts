import type { Theme } from "./theme.ts";

/** A Handlebars source and the file it came from, for errors that can be found. */
export interface TemplateFile {
  readonly file: string;
  readonly source: string;
}

/**
 * How an issue looks: `html` is Handlebars that yields MJML, `text` is Handlebars that yields the
 * plain-text part, `partials` are what both may include, by name.
 */
export interface Template {
  readonly name: string;
  readonly html: TemplateFile;
  readonly text: TemplateFile;
  readonly partials: ReadonlyMap<string, TemplateFile>;
  readonly theme: Theme;
  /** Whether all of it comes with Broadsheet, and was checked before that went out. */
  readonly isShipped?: boolean;
}
