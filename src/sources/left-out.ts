import path from "node:path";
import type { Article } from "../article/article.ts";
import type { Missing } from "../check/finding.ts";
import { BroadsheetError, errorAt } from "../errors.ts";
import { counted } from "../platform/text.ts";
import type { Failure } from "../platform/reporter.ts";
import { sourceName } from "./io/read-sources.ts";

/** A reading or a story, with its id and its article. */
interface Part {
  readonly id: string;
  readonly article: Article;
}

/** An article left out because Broadsheet crashed on it. */
export interface LeftOut extends Part {
  readonly error: unknown;
}

interface WithoutBroken<Result> {
  readonly result: Result;
  readonly leftOut: readonly LeftOut[];
}

/**
 * The result of some work on articles. After a crash, the work is done for each article alone, and the articles on which it
 * crashes are left out, so that one article can't stop an issue. If it crashes on all articles or on none of them, the error
 * is thrown. Every `BroadsheetError` is thrown too.
 */
export async function withoutBroken<P extends Part, Result>(
  parts: readonly P[],
  work: (parts: readonly P[]) => Result | Promise<Result>,
): Promise<WithoutBroken<Result>> {
  try {
    return { result: await work(parts), leftOut: [] };
  } catch (error) {
    if (error instanceof BroadsheetError) throw error;
    const [only, ...others] = parts;
    if (only && others.length === 0) throw failureOf({ ...only, error }).error;
    const leftOut: LeftOut[] = [];
    for (const part of parts) {
      const thrown = await thrownAt(part, work);
      const { id, article } = part;
      if (thrown) leftOut.push({ id, article, error: thrown.error });
    }
    if (leftOut.length === 0 || leftOut.length === parts.length) throw error;
    return { result: await work(without(parts, leftOut)), leftOut };
  }
}

async function thrownAt<P extends Part>(
  part: P,
  work: (parts: readonly P[]) => unknown,
): Promise<{ readonly error: unknown } | undefined> {
  try {
    await work([part]);
    return undefined;
  } catch (error) {
    // A BroadsheetError, for example about too few articles, is not a fault of this article.
    return error instanceof BroadsheetError ? undefined : { error };
  }
}

export function without<P extends Pick<Part, "id">>(
  parts: readonly P[],
  leftOut: readonly LeftOut[],
): readonly P[] {
  const ids = new Set(leftOut.map(({ id }) => id));
  return ids.size === 0 ? parts : parts.filter(({ id }) => !ids.has(id));
}

/** The failure of an article that was left out, for messages. */
export function failureOf({
  article: { source, title },
  error,
}: Pick<LeftOut, "article" | "error">): Failure {
  return { name: source, error: errorAt(title === "" ? source : `${source}: ${title}`, error) };
}

/** A failure in the form of the report, without the path of the project's folder. */
export function missingOf(
  {
    name: given,
    error: { code, message: said, fix, where },
    source,
    hasStandIn,
  }: Failure & { readonly source?: string; readonly hasStandIn?: true },
  folder = "",
): Missing {
  const within = (text: string) => text.replaceAll(`${folder}/`, folder === "" ? "/" : "");
  // The name of a file may contain a line break.
  const name = within(sourceName(given)).replace(/\s+/g, " ");
  const message = within(said.replaceAll(given, name));
  const place = where?.file === given && where.line !== undefined ? `${name}:${where.line}` : name;
  return {
    why: code === "INTERNAL" ? "crashed" : hasStandIn ? "partial" : "unread",
    name,
    ...(source !== undefined && { source: sourceName(source) }),
    code,
    message: place === name ? named(message, name) : `${place}: ${withoutName(message, name)}`,
    ...(fix !== undefined && { fix }),
  };
}

/** A message with the name of its subject. The name is added if the message contains neither the name nor its host. */
export function named(message: string, name: string): string {
  const names = [path.posix.basename(name), URL.parse(name)?.host ?? name];
  return names.some((one) => message.includes(one)) ? message : `${name}: ${message}`;
}

/** A message without the name of its subject. */
export function withoutName(message: string, name: string): string {
  return message.startsWith(name) ? message.slice(name.length).replace(/^[:,]?\s+/, "") : message;
}

/** The number of files that are named. */
const NAMED = 2;

/** The text about the editor's files that are older than the window. */
export function oldText(files: readonly Pick<Missing, "name" | "message">[]): string {
  const { message = "" } = files[0] ?? {};
  const are = files.length === 1 ? "file of yours is" : "files of yours are";
  const names = files.map(({ name }) => path.posix.basename(name));
  return `${counted(files.length)} ${are} older than the window of ${message}: ${listed(names, NAMED)}`;
}

/** The first names, and the number of the others. */
export function listed(names: readonly string[], most: number): string {
  const shown = names.slice(0, names.length > most + 1 ? most : names.length);
  const more = names.length - shown.length;
  const last = more > 0 ? `${counted(more)} more` : shown.pop();
  return shown.length > 0 ? `${shown.join(", ")} and ${last}` : `${last}`;
}
