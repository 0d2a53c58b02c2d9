// What is read of an element later on. All else goes: scripts, styles and tracking are half of a
// page's attributes.
const WANTED: ReadonlySet<string> = new Set(
  `class id role href src srcset alt lang rel datetime content name property http-equiv width height itemprop aria-hidden
   data-component data-module data-testid data-type`.split(/\s+/),
);

const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
const MOST = 60;

/** The attributes of a start tag, in order, their names in small letters. */
export function* attributesIn(source: string): Generator<readonly [name: string, value: string]> {
  const written = source.replace(/^<[^\s/>]*/, "").slice(0, -1);
  for (const [, name = "", double, single, bare] of written.matchAll(ATTRIBUTE))
    yield [name.toLowerCase(), double ?? single ?? bare ?? ""];
}

/**
 * A start tag written anew, with the attributes that are read later on, so that no parser can see
 * another tag in it than we did. Of two attributes with one name, the first counts. `hidden` says
 * why the element is not shown, and is the value of its `hidden`.
 */
export function rewriteTag(name: string, source: string, hidden?: string): string {
  const attributes = new Map<string, string>();
  if (hidden !== undefined) attributes.set("hidden", hidden);
  for (const [attribute, value] of attributesIn(source)) {
    const isType = name === "link" && attribute === "type";
    if ((!isType && !isWanted(attribute, value)) || attributes.has(attribute)) continue;
    attributes.set(attribute, value);
    if (attributes.size >= MOST) break;
  }
  const parts = [...attributes].map(
    ([attribute, value]) => ` ${attribute}="${value.replaceAll('"', "&quot;")}"`,
  );
  return `<${name}${parts.join("")}>`;
}

// Pictures that are loaded late have their address in an attribute of the site's own.
function isWanted(attribute: string, value: string): boolean {
  if (WANTED.has(attribute)) return true;
  return (
    attribute.startsWith("data-") &&
    value.length < 4000 &&
    /\.(?:jpe?g|png|webp|gif|avif)(?:[?#&\s]|$)/i.test(value)
  );
}
