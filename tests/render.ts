import { type CheerioAPI, load } from "cheerio";
import type { Digest } from "../src/digest/digest.ts";
import type { Email, Template } from "../src/email/email.ts";
import { loadTemplate } from "../src/email/io/load-template.ts";
import { type MjmlCache, renderEmail } from "../src/email/render-email.ts";

const loaded = new Map<string, Promise<Template>>();
const shapes = new Map<string, string>();

/** Of this run alone, so that it knows nothing of how an earlier version rendered. */
const cache: MjmlCache = {
  get: async (key) => shapes.get(key),
  set: async (key, html) => void shapes.set(key, html),
};

/** One of our templates, loaded once. */
export async function template(name: string): Promise<Template> {
  const known = loaded.get(name) ?? loadTemplate(name);
  loaded.set(name, known);
  return known;
}

/** A digest in a template, ours by name. MJML, which takes most of the time, sees each shape once, as with `build`. */
export async function render(
  digest: Digest,
  by: string | Template,
  options: Parameters<typeof renderEmail>[2] = {},
): Promise<Email> {
  const loaded = typeof by === "string" ? await template(by) : by;
  return renderEmail(digest, loaded, { cache, ...options });
}

/** The HTML of an email, parsed as browsers parse it. Selectors find its elements. */
export function documentOf(html: string): CheerioAPI {
  return load(html, { scriptingEnabled: false });
}

/** What a selector finds. */
type Elements = ReturnType<ReturnType<CheerioAPI>["find"]>;

/** The text of each element. */
export function textsOf(elements: Elements): string[] {
  return mapped(elements, (element) => element.text());
}

/** The value of an attribute of each element. */
export function attributesOf(elements: Elements, name: string): (string | undefined)[] {
  return mapped(elements, (element) => element.attr(name));
}

function mapped<Value>(elements: Elements, read: (element: Elements) => Value) {
  return Array.from({ length: elements.length }, (_, at) => read(elements.eq(at)));
}
