import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { OWN_FOLDER } from "../platform/own-files.ts";

/**
 * The workflows of a newsletter, by path relative to its folder. They are in the root of its repository, as GitHub requires.
 */
export function workflowFiles(folder: string): ReadonlyMap<string, string> {
  const repository = repositoryOf(folder);
  const inside = path.relative(repository, folder).split(path.sep).join("/");
  const top = path.join(path.relative(folder, repository), ".github", "workflows");
  // A repository may contain several newsletters.
  const name = inside.replaceAll(/[^\p{L}\p{N}]+/gu, "-") || "newsletter";
  return new Map(
    ["check", "run"].map((what) => [
      path.join(top, `${name}-${what}.yml`),
      readFileSync(new URL(`templates/github-${what}.yml`, OWN_FOLDER), "utf8")
        .replaceAll("@NAME@", () => name)
        .replaceAll("@FOLDER@", () => JSON.stringify(inside || ".").slice(1, -1)),
    ]),
  );
}

/**
 * The nearest parent folder with a `.git`, which is a file in a worktree. Without one, the newsletter's folder will become a
 * repository.
 */
function repositoryOf(folder: string): string {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, ".git"))) return at;
    if (at === path.dirname(at)) return folder;
  }
}
