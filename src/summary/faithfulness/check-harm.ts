import { unfaithful, type Unfaithful } from "./unfaithful.ts";

const MARKUP =
  /<[/!?\p{L}][^>]*>?|&(?:#\w+|\w{2,8});|\]\(|\{\{|\}\}|```|<\/|\$\{|\b(?:javascript|data|vbscript):/iu;
/** Mail programs turn names of hosts into links too. */
const ADDRESS =
  /(?:https?|ftp|mailto|tel):|\bwww\.|[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+|(?<![\p{L}\p{N}])[a-z0-9-]{2,}\.(?:com|org|net|info|biz|io|co|app|dev|xyz|top|site|online|shop|example|test|[a-z]{2})(?:\/\S*|(?![\p{L}\p{N}.]))/iu;
/** What is not seen, or turns the direction of what is: nothing that a sentence needs. */
const UNSEEN =
  /(?![\n\t\u200C\u200D])[\p{Cc}\u00AD\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/u;

/** Markup, addresses and signs that nobody sees have no place in a sentence, wherever they come from. */
export function harmIn(sentence: string): Unfaithful | undefined {
  const markup = MARKUP.exec(sentence)?.[0];
  if (markup !== undefined)
    return unfaithful("markup", markup, (shown) => `it has markup in it: ${shown}`);
  const address = ADDRESS.exec(sentence)?.[0];
  if (address !== undefined)
    return unfaithful("address", address, (shown) => `it has an address in it: ${shown}`);
  if (UNSEEN.test(sentence))
    return unfaithful("markup", "", () => "it has signs in it that can't be seen");
  return undefined;
}
