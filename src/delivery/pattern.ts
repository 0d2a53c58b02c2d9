/** The values that differ from one reader's message to another's. */
export type Field = "to" | "messageId" | "name" | "address" | "token" | "farewell";

/** How a value is written where it stands: as it is, or with HTML references. */
export type Context = "plain" | "html" | "bareAttribute";

/** A place for each reader's own value. */
export interface Hole {
  readonly field: Field;
  readonly context: Context;
}

/** A text with holes: what is the same for every reader, and places for what differs. */
export type Pattern = readonly (string | Hole)[];

/** One reader's own value for every field. */
export type Values = Readonly<Record<Field, string>>;

export function hole(field: Field): Hole {
  return { field, context: "plain" };
}

export function filled(pattern: Pattern, values: Values): string {
  return pattern.map((part) => (typeof part === "string" ? part : valueIn(part, values))).join("");
}

export function valueIn({ field, context }: Hole, values: Values): string {
  return written(values[field], context);
}

/** The pattern in another context: its text is escaped for it now, its values when they are filled in. */
export function inContext(pattern: Pattern, context: Context): Pattern {
  return pattern.map((part) =>
    typeof part === "string" ? written(part, context) : { ...part, context },
  );
}

/** The pattern with neighbouring texts joined, and empty ones removed. */
export function joined(pattern: Pattern): Pattern {
  const parts: (string | Hole)[] = [];
  for (const part of pattern) {
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else if (part !== "") parts.push(part);
  }
  return parts;
}

/** Every character that could end a text, a quoted value or an unquoted one is a reference (HTML §13.1.2.3). */
function written(value: string, context: Context): string {
  if (context === "plain") return value;
  const special = context === "bareAttribute" ? /[&<>"'`=\s]/g : /[&<>"'`]/g;
  return value.replace(special, (character) => `&#${character.codePointAt(0)};`);
}
