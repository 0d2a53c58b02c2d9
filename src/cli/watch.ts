import { type BuiltIssue, draftIssue, read } from "../issue/build.ts";
import path from "node:path";
import { isOnTheWeb } from "../sources/io/read-sources.ts";
import type { Builder } from "../desk/desk.ts";
import { type Served, servePreview } from "../desk/serve.ts";
import { openBuild, Memory } from "../issue/open-build.ts";
import { type BuildFlags, buildInto, type Noticed } from "./build-into.ts";
import { announce } from "./meant.ts";
import { reporterOn } from "./reporter.ts";
import { openProject } from "../config/io/load-config.ts";
import { assertBuildable, meantBuild } from "../schedule/meant-issue.ts";
import { systemClock } from "../platform/clock.ts";
import { Terminal } from "./terminal.ts";
import { endSoon } from "./until-interrupted.ts";
import { BroadsheetError } from "../errors.ts";
import { watchFiles } from "../desk/watch-files.ts";

export interface PreviewFlags extends BuildFlags {
  readonly port?: number;
}

interface Previewed {
  readonly served: Served;
  readonly outbox: string;
  /** What may be watched. */
  readonly sources: Places;
}

type Places = readonly { readonly from: string }[];

/** Serves the issues of the outbox, and the one that the articles named make, or what is new in the sources. */
export async function previewIssues(
  names: readonly string[],
  flags: PreviewFlags,
  terminal: Terminal,
): Promise<Previewed> {
  const config = await openProject(flags, terminal);
  const served = await servePreview({
    builder: builderFor(names, flags, terminal),
    port: flags.port ?? 0,
    articles: watchedFiles(names, config.sources, terminal.cwd),
    configFile: flags.config && path.resolve(terminal.cwd, flags.config),
  });
  return { served, outbox: config.outbox, sources: config.sources };
}

function builderFor(names: readonly string[], flags: BuildFlags, terminal: Terminal): Builder {
  const { cwd } = terminal;
  const memory = new Memory();
  let isAnnounced = false;
  // Of its own, as what can't be read now is no reason to leave with an error later.
  const own = new Terminal();
  own.isQuiet = flags.quiet === true || flags.json === true;
  return {
    cwd,
    config: async () => openProject(flags, own),
    forget: () => memory.forget(),
    async meant(config) {
      const meant = await meantBuild(names, flags, config, systemClock);
      if (isAnnounced) return meant;
      isAnnounced = true;
      await announce(meant.issue, config, terminal);
      return meant;
    },
    async draft(config, { issue, target }) {
      assertBuildable(issue);
      const options = { flags, cwd, reporter: reporterOn(own), memory, target };
      const build = await openBuild(config, { ...options, names });
      const composed = await draftIssue(async () => read(names, config, options), build);
      // The first reading has reported on the articles.
      own.isQuiet = true;
      return { composed, build };
    },
  };
}

/** What a change of is a reason to build again. */
export function watchedFiles(names: readonly string[], sources: Places, cwd: string): string[] {
  const all = names.length > 0 ? names : sources.map(({ from }) => from);
  return all
    .filter((name) => name !== "-" && !isOnTheWeb(name))
    .map((name) => path.resolve(cwd, name));
}

/** Waits for the signal that ends a process which watches. */
export async function untilInterrupted(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = (): void => {
    // A build may be under way, or a page still open.
    endSoon();
    resolve();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  // Nothing else may be going on that keeps the process.
  const alive = setInterval(() => undefined, 60_000);
  await promise;
  clearInterval(alive);
}

/**
 * Builds an issue, and again whenever what it is made of changes, until the process is ended. A build that
 * fails is reported, and the next one may go well. `show` gets each issue, and how long it took.
 */
export async function buildAndWatch(
  names: readonly string[],
  flags: BuildFlags,
  terminal: Terminal,
  show: (written: BuiltIssue & Noticed, ms: number | undefined) => void,
): Promise<void> {
  const config = await openProject(flags, terminal);
  const memory = new Memory();
  // Of its own, as a build that failed meanwhile is no reason to leave with an error.
  const own = new Terminal();
  const build = async (isFirst: boolean): Promise<void> => {
    const started = performance.now();
    try {
      own.isQuiet = !isFirst || terminal.isQuiet;
      const written = await buildInto(names, flags, own, memory);
      show(written, isFirst ? undefined : performance.now() - started);
    } catch (error) {
      if (!(error instanceof BroadsheetError)) throw error;
      own.report(error);
    }
  };
  let building = build(true);
  await building;
  const articles = watchedFiles(names, config.sources, terminal.cwd);
  const watcher = await watchFiles(
    { articles, ...config, configFile: flags.config && path.resolve(terminal.cwd, flags.config) },
    async () => (building = building.then(async () => build(false))),
  );
  await untilInterrupted();
  await watcher.close();
  await building;
}
