/** Languages that lists are kept in, for their names in words. */
const NAMED =
  "ar bg bn ca cs cy da de el en es et eu fa fi fr ga gl he hi hr hu hy id is it ja ka ko lt lv mk ms mt nb nl nn no pl pt ro ru sk sl sq sr sv sw th tr uk ur vi zh".split(
    " ",
  );

/**
 * The BCP 47 tag of a language as lists write it: "de", "de_AT", "German", "Deutsch". Undefined where it
 * is none that is known.
 */
export function languageTag(written: string): string | undefined {
  const known = tags.get(written);
  if (known !== undefined) return known === "" ? undefined : known;
  const tag =
    canonicalLanguage(written.replaceAll("_", "-")) ?? byName().get(written.toLowerCase()) ?? "";
  if (tags.size < MOST_KEPT) tags.set(written, tag);
  return tag === "" ? undefined : tag;
}

/** A list of a million has a handful of languages. */
const MOST_KEPT = 1_000;
const tags = new Map<string, string>();

/** A BCP 47 tag in its usual form; undefined for what is no language. */
export function canonicalLanguage(written: string): string | undefined {
  try {
    const [tag] = Intl.getCanonicalLocales(written);
    const names = new Intl.DisplayNames("en", { type: "language", fallback: "none" });
    return tag && tag !== "und" && names.of(tag) ? tag : undefined;
  } catch {
    return undefined;
  }
}

let named: ReadonlyMap<string, string> | undefined;

function byName(): ReadonlyMap<string, string> {
  named ??= new Map(
    NAMED.flatMap((tag) =>
      ["en", tag].map((inLanguage): [string, string] => {
        const names = new Intl.DisplayNames(inLanguage, { type: "language" });
        return [(names.of(tag) ?? tag).toLowerCase(), tag];
      }),
    ),
  );
  return named;
}
