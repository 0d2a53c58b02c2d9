// What only older feeds say, in today's words. Their parents are items, where no other meaning is known.
const IN_ITEMS: ReadonlyMap<string, string> = new Map([
  // RSS 2.0 feeds with whole stories, before content:encoded; Scripting News and Userland's.
  ["body", "content:encoded"],
  ["xhtml:body", "content:encoded"],
  ["fullitem", "content:encoded"],
  ["dc:author", "dc:creator"],
  // Channel Definition Format, which Internet Explorer read and archives still hold.
  ["abstract", "description"],
]);

/** Today's name of an element in an item, in the spelling it came in where it has no other. */
export function presentName(name: string): string {
  return IN_ITEMS.get(name.toLowerCase()) ?? name;
}

/** What the attributes of a CDF item say, as the elements that other feeds have for it. */
export function elementsOfAttributes(attributes: string): string {
  const link = valueOf("href", attributes);
  const date = valueOf("lastmod", attributes);
  return (
    (link === undefined ? "" : `<link>${link}</link>`) +
    (date === undefined ? "" : `<pubDate>${date}</pubDate>`)
  );
}

function valueOf(name: string, attributes: string): string | undefined {
  const [, double, single] =
    new RegExp(String.raw`\s${name}\s*=\s*(?:"([^"]*)"|'([^']*)')`, "i").exec(attributes) ?? [];
  return double ?? single;
}
