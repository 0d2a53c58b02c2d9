import { names } from "../../field-values.ts";
import { isNameLine, namesInByline, isPaperName } from "../../plain-text/byline.ts";
import { isThing, listOf, typesOf, type Thing } from "./json-ld.ts";
import type { NearbyText } from "./near-headline.ts";
import { plainValue } from "./plain-value.ts";
import { isElsewhere, valueOf, type Survey } from "./survey.ts";

const METAS = [
  "parsely-author",
  "sailthru.author",
  "citation_author",
  "dc.creator",
  "dcterms.creator",
  "mediator_author",
  "article:author",
  "article:author_name",
  "byl",
];

/** The people that a page names as its authors, in JSON-LD, meta or microdata. */
export function declaredAuthors(
  survey: Survey,
  story: Thing | undefined,
  byId: ReadonlyMap<string, Thing>,
): string[] {
  const found = [
    () => peopleOf(story, byId),
    ...METAS.map((name) => () => survey.metas.get(name) ?? []),
    () => microdataAuthors(survey),
    () => linkedAuthor(survey),
  ];
  for (const read of found) {
    const people = cleanNames(read());
    if (people.length > 0) return people;
  }
  return [];
}

/**
 * What the `author` meta says. Templates write the publisher into it, so a byline on the page is
 * better.
 */
export function templateAuthors({ metas }: Survey): string[] {
  return cleanNames(metas.get("author") ?? []);
}

const NAMES_AUTHOR =
  / (?:authors?|by ?line|author name|autor|autora|auteur|autore|contributor|vcard|fn|signature|firma|verfasser|redakteur) /;

/**
 * The names in the bylines of a page: of the first that is one, or at least is called one and has a
 * name in it.
 */
export function authorsInBylines(bylines: readonly NearbyText[]): string[] {
  for (const { text, label } of bylines) {
    const people = cleanNames(namesIn(text, NAMES_AUTHOR.test(label)));
    if (people.length > 0) return people;
  }
  const handle = bylines.find(
    ({ text, label }) => NAMES_AUTHOR.test(label) && /^[\p{L}\p{N}_.-]{3,30}$/u.test(text),
  );
  return handle ? cleanNames([handle.text]) : [];
}

const INTRODUCES =
  /^(?:by|von|par|por|di|av|af|door|author|autor|autorin|auteur|autore|autora|text|texte|texto|testo)s?\s?:?$/iu;

// "Von Ana Ruiz"; the name under its label; or the name set apart from a date or a role: "Ana Ruiz
// | Monday, 3 May".
function namesIn(byline: string, isCalledOne: boolean): string[] {
  const lines = byline.split(/\n|\s[|·•/]\s|\s[–—-]\s/).map(withoutAgency);
  for (const [index, line] of lines.entries()) {
    const named = namesInByline(INTRODUCES.test(line) ? `By ${lines[index + 1] ?? ""}` : line);
    if (named.length > 0) return named;
  }
  return isCalledOne ? lines.filter((line) => isNameLine(line)).slice(0, 4) : [];
}

// "Von Eva Roth, dpa"
function withoutAgency(line: string): string {
  return line.replace(/,\s\p{Ll}{2,5}$/u, "").trim();
}

function peopleOf(story: Thing | undefined, byId: ReadonlyMap<string, Thing>): string[] {
  const authors = [...listOf(story?.["author"]), ...listOf(story?.["creator"])];
  return authors.flatMap((author) => {
    if (typeof author === "string") return [author];
    if (!isThing(author)) return [];
    const person = typeof author["name"] === "string" ? author : byId.get(String(author["@id"]));
    if (!person || typesOf(person).some((type) => /Organi[sz]ation$/.test(type))) return [];
    return listOf(person["name"]).filter((name) => typeof name === "string");
  });
}

function microdataAuthors({ properties }: Survey): string[] {
  const authors = (properties.get("author") ?? []).filter((element) => !isElsewhere(element));
  return authors.slice(0, 4).flatMap((element) => {
    const name = element.querySelector("[itemprop=name]") ?? element;
    return valueOf(name) ?? [];
  });
}

function linkedAuthor({ authorLinks }: Survey): string[] {
  const own = authorLinks.find(
    (link) => plainValue(link.textContent) !== undefined && !isElsewhere(link),
  );
  return own ? [own.textContent] : [];
}

function cleanNames(written: readonly string[]): string[] {
  const people = written.flatMap((value) => {
    const line =
      plainValue(value)
        ?.replace(/^["'\s]+|["'\s]+$/g, "")
        .replace(/\s*[\w.+-]+@[\w.-]+\w\s*/g, " ")
        .trim() ?? "";
    const named = namesInByline(line);
    return named.length > 0 ? named : (names(withoutPaper(line)) ?? []);
  });
  return [...new Set(people.filter(isName))].slice(0, 12);
}

// "Eva Roth, Overby Times"
function withoutPaper(line: string): string {
  const comma = line.lastIndexOf(",");
  return comma > 0 && isPaperName(line.slice(comma + 1).trim()) ? line.slice(0, comma) : line;
}

const NOBODY =
  /^(?:admin|administrator|editor|author|autor|autore|auteur|staff|unknown|anonymous|guest|user|webmaster|root|undefined|none|redaktion|redacción|rédaction|redazione)$/i;

function isName(text: string): boolean {
  if (text.length < 2 || text.length > 70 || NOBODY.test(text)) return false;
  return /\p{L}/u.test(text) && !/https?:|www\.|[{}<>@]|\.(?:com|de|org|net|fr|es|it)$/i.test(text);
}
