import type { Digest } from "../../src/digest/digest.ts";
import type { Email } from "../../src/email/email.ts";
import { FIXTURES, type FixtureName } from "./fixtures.ts";
import type { Language } from "./words.ts";
import { render } from "../render.ts";

export const TEMPLATE_NAMES = ["digest", "brief", "letter"] as const;
type TemplateName = (typeof TEMPLATE_NAMES)[number];

export const LANGUAGES: readonly Language[] = ["en", "ar", "he", "ja"];
export const FIXTURE_NAMES: readonly FixtureName[] = Object.keys(FIXTURES).filter(isFixtureName);

/** One field of the matrix. */
export interface View {
  readonly fixture: FixtureName;
  readonly template: TemplateName;
  readonly language: Language;
}

/** Every fixture in every template and language. The tests take each template of each fixture in one. */
export const MATRIX: readonly View[] = FIXTURE_NAMES.flatMap((fixture) =>
  TEMPLATE_NAMES.flatMap((template) =>
    LANGUAGES.map((language) => ({ fixture, template, language })),
  ),
);

export async function renderView({
  fixture,
  template,
  language,
}: View): Promise<{ digest: Digest; email: Email }> {
  // As an editor leaves it who has looked at its subject: these headlines tease on purpose.
  const { composed: _, ...digest } = FIXTURES[fixture](language);
  return { digest, email: await render(digest, template) };
}

/** The HTML as a reader gets it: its links are whole, and its pictures come with the message. */
export function sent({ html, slots }: Email): string {
  const filled = Object.entries(slots).reduce(
    (filled, [name, token]) => filled.replaceAll(token, `https://mudlark.example/${name}`),
    html,
  );
  return filled.replaceAll('src="images/', 'src="cid:');
}

function isFixtureName(name: string): name is FixtureName {
  return Object.hasOwn(FIXTURES, name);
}
