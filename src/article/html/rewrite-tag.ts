// What is read of an element later on. All else goes: scripts, styles and tracking are half of a
// page's attributes.
const WANTED: ReadonlySet<string> = new Set(
  `class id role href src srcset alt lang rel datetime content name property http-equiv hidden width height itemprop aria-hidden
   data-component data-module data-testid data-type`.split(/\s+/),
);

const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
const MOST = 60;

/**
 * A start tag written anew, with the attributes that are read later on, so that no parser can see
 * another tag in it than we did. Of two attributes with one name, the first counts.
 */
export function rewriteTag(name: string, source: string): string {
  const attributes = new Map<string, string>();
  for (const match of source
    .replace(/^<[^\s/>]*/, "")
    .slice(0, -1)
    .matchAll(ATTRIBUTE)) {
    const [, written = "", double, single, bare] = match;
    const attribute = written.toLowerCase();
    const value = double ?? single ?? bare ?? "";
    if (attribute === "style" && HIDING.test(value)) attributes.set("hidden", "");
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

const HIDING = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i;

// Pictures that are loaded late have their address in an attribute of the site's own.
function isWanted(attribute: string, value: string): boolean {
  if (WANTED.has(attribute)) return true;
  return (
    attribute.startsWith("data-") &&
    value.length < 4000 &&
    /\.(?:jpe?g|png|webp|gif|avif)(?:[?#&\s]|$)/i.test(value)
  );
}
