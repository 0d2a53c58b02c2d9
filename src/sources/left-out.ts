import path from "node:path";
import type { Article } from "../article/article.ts";
import type { Missing } from "../check/finding.ts";
import { BroadsheetError, errorAt } from "../errors.ts";
import { counted } from "../platform/text.ts";
import type { Failure } from "../platform/reporter.ts";
import { sourceName } from "./io/read-sources.ts";

/** An article of an issue, a reading or a story, by its id there. */
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
 * The result of some work on articles, without the articles on which it crashes when it is done for each alone: one article
 * is no reason to lose an issue. A crash on all of them, or on none alone, is thrown, and so is every `BroadsheetError`.
 * Nothing is done twice unless something crashed.
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
    // Too little for an issue, say, is no fault of the article.
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

/** Why an article was left out, for people. */
export function failureOf({
  article: { source, title },
  error,
}: Pick<LeftOut, "article" | "error">): Failure {
  return { name: source, error: errorAt(title === "" ? source : `${source}: ${title}`, error) };
}

/** A failure as the report has it, which doesn't hold the folder of the project. */
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
  // A file's name may have a line break in it.
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

/** A message with the name of what it is about, where it has neither that nor its host. */
export function named(message: string, name: string): string {
  const names = [path.posix.basename(name), URL.parse(name)?.host ?? name];
  return names.some((one) => message.includes(one)) ? message : `${name}: ${message}`;
}

/** What is wrong, without the name of what it is wrong with. */
export function withoutName(message: string, name: string): string {
  return message.startsWith(name) ? message.slice(name.length).replace(/^[:,]?\s+/, "") : message;
}

/** How many files are named. */
const NAMED = 2;

/** Files of one's own that a window leaves out, in words. */
export function oldText(files: readonly Pick<Missing, "name" | "message">[]): string {
  const { message = "" } = files[0] ?? {};
  const are = files.length === 1 ? "file of yours is" : "files of yours are";
  const names = files.map(({ name }) => path.posix.basename(name));
  return `${counted(files.length)} ${are} older than the window of ${message}: ${listed(names, NAMED)}`;
}

/** The first of some names, and how many others there are. */
export function listed(names: readonly string[], most: number): string {
  const shown = names.slice(0, names.length > most + 1 ? most : names.length);
  const more = names.length - shown.length;
  const last = more > 0 ? `${counted(more)} more` : shown.pop();
  return shown.length > 0 ? `${shown.join(", ")} and ${last}` : `${last}`;
}
