import type * as Yaml from "yaml";

interface AliasFault {
  /** A sentence that says what is wrong with the alias, without a full stop. */
  readonly message: string;
  /** The place of the alias in the text, from 0. */
  readonly offset: number;
}

export const ALIAS_FIX =
  "replace the alias by its value; if * belongs to the text, put the text in quotes";

/** The largest number of values to which all aliases of one text may expand. */
const MOST_VALUES = 5000;

/**
 * The first alias whose value contains the alias itself, or with which the aliases of a text exceed the limit. Such a
 * value would be endless, or fill the memory.
 */
export function aliasFault(
  yaml: typeof Yaml,
  { contents }: Yaml.Document.Parsed,
): AliasFault | undefined {
  let values = 0;
  let fault: AliasFault | undefined;
  const sizes = new Map<string, number>();
  const sizeOf = (node: unknown): number => {
    if (yaml.isPair(node)) return sizeOf(node.key) + sizeOf(node.value);
    if (yaml.isAlias(node)) {
      const size = sizes.get(node.source) ?? 1;
      values += size;
      if (values > MOST_VALUES) fault ??= faultOf(node, size);
      return size;
    }
    const anchor = yaml.isNode(node) ? node.anchor : undefined;
    // An alias inside its own value is infinite, so the size is Infinity until the value was read.
    if (anchor !== undefined) sizes.set(anchor, Infinity);
    const parts: unknown[] = yaml.isCollection(node) ? node.items : [];
    const size = parts.reduce((sum: number, part) => sum + sizeOf(part), 1);
    if (anchor !== undefined) sizes.set(anchor, size);
    return size;
  };
  sizeOf(contents);
  return fault;
}

function faultOf({ source, range }: Yaml.Alias, size: number): AliasFault {
  const message =
    size === Infinity
      ? `the alias *${source} refers to a value that contains the alias itself`
      : `with *${source} the aliases expand to more than ${MOST_VALUES.toLocaleString("en")} values`;
  return { message, offset: range?.[0] ?? 0 };
}
