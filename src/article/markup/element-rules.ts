/** Elements that have no inside. */
export const VOID: ReadonlySet<string> = words(
  "area base br col embed hr img input link meta param source track wbr",
);

/** Elements that set their inside apart from what stands before and after it. */
export const BLOCK: ReadonlySet<string> = words(
  `address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
   footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search section
   select summary table tbody td tfoot th thead tr ul`,
);

/** Parts of a table: end tags inside of one do not reach out of it. */
const TABLE_PART: ReadonlySet<string> = words("table caption thead tbody tfoot tr td th");

const CELL = words("table caption td th");
const LIST = words("ul ol menu dir table td th");
const LIST_OR_DL = words("dl table td th");
const ROW = words("tr table");
const TABLE = words("table");

/** Which open elements a start tag ends, and which ones it does not look beyond to find them. */
export interface EndedBy {
  readonly ends: ReadonlySet<string>;
  readonly within: ReadonlySet<string>;
}

/**
 * What a start tag ends (HTML standard §13.1.2.4, optional tags): half of the web leaves out end
 * tags. A link inside a link ends the outer one (§13.2.6.4.7).
 */
export const ENDED_BY: ReadonlyMap<string, EndedBy> = new Map([
  ["li", { ends: words("li"), within: LIST }],
  ["dt", { ends: words("dt dd"), within: LIST_OR_DL }],
  ["dd", { ends: words("dt dd"), within: LIST_OR_DL }],
  ["td", { ends: words("td th"), within: ROW }],
  ["th", { ends: words("td th"), within: ROW }],
  ["tr", { ends: words("tr"), within: TABLE }],
  ["thead", { ends: words("thead tbody tfoot"), within: TABLE }],
  ["tbody", { ends: words("thead tbody tfoot"), within: TABLE }],
  ["tfoot", { ends: words("thead tbody tfoot"), within: TABLE }],
  ["rt", { ends: words("rt rp"), within: words("ruby") }],
  ["rp", { ends: words("rt rp"), within: words("ruby") }],
  ["option", { ends: words("option"), within: words("select") }],
  ["a", { ends: words("a"), within: BLOCK }],
]);

/** A block ends the paragraph that it stands in, if no other block is between them. */
export const PARAGRAPH: EndedBy = {
  ends: words("p"),
  within: new Set([...BLOCK].filter((name) => name !== "p")),
};

/** What an end tag does not look beyond to find its element. */
export function scopeOf(name: string): ReadonlySet<string> {
  if (name === "table") return NOTHING;
  if (name === "td" || name === "th" || name === "tr") return ROW_SCOPE.get(name) ?? TABLE;
  if (TABLE_PART.has(name)) return TABLE;
  return name === "li" ? LIST : CELL;
}

const NOTHING: ReadonlySet<string> = new Set();
const ROW_SCOPE: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["td", ROW],
  ["th", ROW],
  ["tr", TABLE],
]);

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}
