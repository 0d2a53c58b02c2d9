/** A fault in the comments that only Outlook reads. */
export interface ConditionalFault {
  readonly line: number;
  readonly message: string;
}

/**
 * What is wrong with the conditional comments of a page (MS-CONDCOM): `<!--[if mso]>…<![endif]-->` hides
 * what it holds from all but Outlook, `<!--[if !mso]><!-->…<!--<![endif]-->` from Outlook alone.
 */
export function conditionalFaults(source: string): ConditionalFault[] {
  const faults: ConditionalFault[] = [];
  const open: { readonly kind: "hidden" | "revealed"; readonly at: number }[] = [];
  const say = (at: number, message: string) => faults.push({ line: lineAt(source, at), message });
  for (const { 0: mark, index } of source.matchAll(MARKS)) {
    const inner = open.at(-1);
    if (/^<!--\[if/i.test(mark) || /^<!\[if/i.test(mark)) {
      const isRevealed = !mark.startsWith("<!--[") || /(?:<!-->|-->|--!?>)$/.test(mark);
      if (inner?.kind === "hidden") say(index, "begins in another one, which it ends");
      else open.push({ kind: isRevealed ? "revealed" : "hidden", at: index });
    } else if (!inner) say(index, "ends where none is open");
    else {
      open.pop();
      if (inner.kind === "hidden" && !mark.endsWith("-->")) say(index, "does not end in -->");
    }
  }
  for (const { at } of open)
    say(at, "is never ended: Outlook shows nothing that comes after, or others do");
  return faults;
}

const MARKS =
  /<!--\[if[^\]]*\]>(?:\s*(?:<!-->|-->))?|<!\[if[^\]]*\]>|(?:<!--\s*)?<!\[endif\](?:\s*--)?>/gi;

function lineAt(source: string, at: number): number {
  return source.slice(0, at).split("\n").length;
}
