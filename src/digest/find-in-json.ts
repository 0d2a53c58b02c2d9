/**
 * The line, from 1, on which the value at a path begins in a JSON text; where the path leads nowhere,
 * that of its nearest parent. The text must be valid JSON.
 */
export function findInJson(json: string, path: readonly string[]): number {
  const wanted = path.join("\0");
  let best = { depth: 0, offset: 0 };
  for (const { offset, at } of values(json)) {
    const here = at.join("\0");
    const isOnTheWay = here === wanted || wanted.startsWith(`${here}\0`);
    if (isOnTheWay && at.length >= best.depth) best = { depth: at.length, offset };
  }
  return json.slice(0, best.offset).split("\n").length;
}

/** Every value of a JSON text with its path: object keys and array indexes. */
function* values(json: string): Generator<{ offset: number; at: readonly string[] }> {
  const at: string[] = [];
  const isArray: boolean[] = [];
  let key: string | undefined;
  for (const { 0: token, index } of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g)) {
    const inArray = isArray.at(-1) === true;
    if (token === "," && inArray) at.push(String(Number(at.pop()) + 1));
    else if (token === ",") at.pop();
    else if (token === "}" || token === "]") {
      if (isArray.pop() === true || at.length > isArray.length) at.pop();
      key = undefined;
    } else if (token === ":" && key !== undefined) at.push(key);
    else if (token !== ":" && isKey(token, json, index, inArray)) key = String(JSON.parse(token));
    else if (token !== ":") {
      yield { offset: index, at: [...at] };
      if (token === "[") at.push("0");
      if (token === "[" || token === "{") isArray.push(token === "[");
    }
  }
}

function isKey(token: string, json: string, index: number, inArray: boolean): boolean {
  return (
    !inArray &&
    token.startsWith('"') &&
    /^\s*:/.test(json.slice(index + token.length, index + token.length + 20))
  );
}
