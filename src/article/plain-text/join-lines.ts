import { joinsWithoutSpace } from "./prose.ts";

/**
 * The lines of one paragraph as one line: with a space between them, save where the script has none.
 * Where the file divides words (`hyphenates`), a hyphen at a line end goes.
 */
export function joinLines(lines: readonly string[], hyphenates: boolean): string {
  const [first = "", ...rest] = lines;
  const pieces = [first];
  let before = first;
  for (const line of rest) {
    if (isDivided(before, line)) {
      if (hyphenates) pieces.push((pieces.pop() ?? "").slice(0, -1));
    } else if (!joinsWithoutSpace(before, line)) pieces.push(" ");
    pieces.push(line);
    before = line;
  }
  return pieces.join("");
}

// "infor-/mation", but not "2019-/2020" or "post-/Soviet".
function isDivided(before: string, line: string): boolean {
  return /\p{Ll}-$/u.test(before) && /^\p{Ll}/u.test(line);
}
