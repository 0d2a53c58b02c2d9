/**
 * The value that a text of JSON holds. Of one that breaks off, what stands before the cut, the entry that it
 * goes through left out; undefined where it is no JSON object at all.
 */
export function repairJson(text: string): unknown {
  // Some servers put a guard against scripts before it: `)]}',`
  const start = text.indexOf("{");
  if (start === -1 || start > 50) return undefined;
  const json = text.slice(start).trimEnd();
  return parse(json) ?? parse(wholePart(json));
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

const STRING_OR_BRACKET = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs;

// Where JSON breaks off, it is cut back to the last whole entry of its outermost list, and closed.
function wholePart(json: string): string {
  const open: string[] = [];
  let end = 0;
  let closing = "";
  for (const { 0: token, index } of json.matchAll(STRING_OR_BRACKET)) {
    if (token === "{" || token === "[") open.push(token === "{" ? "}" : "]");
    else if (token === "}" || token === "]") open.pop();
    if (token !== "}" || open.length !== 2) continue;
    end = index + 1;
    closing = open.toReversed().join("");
  }
  return json.slice(0, end) + closing;
}
