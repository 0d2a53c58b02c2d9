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
export async function render(digest: Digest, by: string | Template): Promise<Email> {
  return renderEmail(digest, typeof by === "string" ? await template(by) : by, { cache });
}
