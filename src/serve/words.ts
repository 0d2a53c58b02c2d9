import ar from "./words/ar.json" with { type: "json" };
import de from "./words/de.json" with { type: "json" };
import en from "./words/en.json" with { type: "json" };
import es from "./words/es.json" with { type: "json" };
import fr from "./words/fr.json" with { type: "json" };
import he from "./words/he.json" with { type: "json" };
import hi from "./words/hi.json" with { type: "json" };
import it from "./words/it.json" with { type: "json" };
import ja from "./words/ja.json" with { type: "json" };
import ko from "./words/ko.json" with { type: "json" };
import nl from "./words/nl.json" with { type: "json" };
import pl from "./words/pl.json" with { type: "json" };
import pt from "./words/pt.json" with { type: "json" };
import ru from "./words/ru.json" with { type: "json" };
import tr from "./words/tr.json" with { type: "json" };
import uk from "./words/uk.json" with { type: "json" };
import zh from "./words/zh.json" with { type: "json" };
import zhHant from "./words/zh-hant.json" with { type: "json" };
import { labelLanguage } from "../email/labels.ts";

/** The words of the pages and of their mails, in one language. */
export type DoorWords = typeof en;

const CATALOGUE: ReadonlyMap<string, DoorWords> = new Map([
  ...Object.entries({ ar, de, en, es, fr, he, hi, it, ja, ko, nl, pl, pt, ru, tr, uk, zh }),
  ["zh-Hant", zhHant],
]);

/** The words of a language. They are chosen like the labels of an issue. */
export function doorWords(language: string): DoorWords {
  return CATALOGUE.get(labelLanguage(language) ?? "en") ?? en;
}
