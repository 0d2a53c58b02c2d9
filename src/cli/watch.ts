import { type BuiltIssue, draftIssue, read } from "../issue/build.ts";
import path from "node:path";
import { type Config, parseConfig } from "../config/config.ts";
import { hasConfig } from "../config/io/load-config.ts";
import { isOnTheWeb } from "../sources/io/read-sources.ts";
import type { Builder } from "../desk/desk.ts";
import { type Served, servePreview } from "../desk/serve.ts";
import { openBuild, Memory } from "../issue/open-build.ts";
import { type BuildFlags, buildInto, type Noticed } from "./build-into.ts";
import { announce } from "./meant.ts";
import { forceEnd } from "../platform/end-process.ts";
import { SILENT } from "../platform/reporter.ts";
import { reporterOn } from "./reporter.ts";
import { openOutbox } from "./open-outbox.ts";
import { assertBuildable, meantBuild } from "../schedule/meant-issue.ts";
import { systemClock } from "../platform/clock.ts";
import { Terminal } from "./terminal.ts";
import { endSoon, SIGNALS } from "./until-interrupted.ts";
import { BroadsheetError } from "../errors.ts";
import { watchFiles } from "../desk/watch-files.ts";

export interface PreviewFlags extends BuildFlags {
  readonly port?: number;
}

interface Previewed {
  readonly served: Served;
  readonly outbox: string;
  /** The places that may be watched. */
  readonly sources: Places;
}

type Places = readonly { readonly from: string }[];

/** Serves the issues of the outbox, and the issue made from the named articles or from the sources. */
export async function previewIssues(
  names: readonly string[],
  flags: PreviewFlags,
  terminal: Terminal,
): Promise<Previewed> {
  const config = await openOutbox(flags, terminal).catch(withoutFile);
  const served = await servePreview({
    builder: builderFor(names, flags, terminal),
    config,
    port: flags.port ?? 0,
    newsletter: path.resolve(terminal.cwd, flags.config ?? ""),
    articles: ({ sources }) => watchedFiles(names, sources, terminal.cwd),
    configFile: flags.config && path.resolve(terminal.cwd, flags.config),
  });
  return { served, outbox: config.outbox, sources: config.sources };
}

/** The default config, used while the config file is invalid. The page shows the error and updates when it is fixed. */
function withoutFile(error: unknown): Config {
  const isBroken = error instanceof BroadsheetError && error.code === "CONFIG_INVALID";
  if (!isBroken || !error.where) throw error;
  return parseConfig({}, {}, error.where.file);
}

function builderFor(names: readonly string[], flags: BuildFlags, terminal: Terminal): Builder {
  const { cwd } = terminal;
  const memory = new Memory();
  let isAnnounced = false;
  // A separate terminal, because a temporary failure to read must not affect the exit code.
  const own = new Terminal();
  own.isQuiet = flags.quiet === true || flags.json === true;
  return {
    cwd,
    flags,
    config: async () => openOutbox(flags, own),
    isNew: async () => names.length === 0 && !flags.config && !(await hasConfig(cwd)),
    forget: () => memory.forget(),
    async meant(config, chosen) {
      const meant = await meantBuild(names, chosen ?? flags, config, systemClock);
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
      // The first reading has already reported on the articles.
      own.isQuiet = true;
      return { composed, build };
    },
    async story(config, from, { slot, isPrivate }) {
      const given: BuildFlags = isPrivate ? { ...flags, allowPrivate: true } : flags;
      const options = { flags: given, cwd, reporter: SILENT, target: { slot } };
      const build = await openBuild(config, { ...options, names: [from] });
      return draftIssue(async () => read([from], config, options), build);
    },
  };
}

/** The files and folders whose changes trigger a build. */
export function watchedFiles(names: readonly string[], sources: Places, cwd: string): string[] {
  const all = names.length > 0 ? names : sources.map(({ from }) => from);
  return all
    .filter((name) => name !== "-" && !isOnTheWeb(name))
    .map((name) => path.resolve(cwd, name));
}

/**
 * Waits for the signal that ends a watching process. After Ctrl-C, which a person may press again, the work ends in its own
 * time. After another signal the process ends in time, unless the work has ended before and calls the returned function.
 */
export async function untilInterrupted(): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<() => void>();
  // A build, an open page, or a message without an answer may still keep the process busy.
  const stop = (name: NodeJS.Signals): void => {
    forceEnd();
    resolve(name === "SIGINT" ? () => undefined : endSoon());
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  // Keeps the process alive if nothing else does.
  const alive = setInterval(() => undefined, 60_000);
  const letGo = await promise;
  for (const signal of SIGNALS) process.off(signal, stop);
  clearInterval(alive);
  return letGo;
}

/**
 * Builds an issue, and again whenever its inputs change, until the process is ended. A failed build is reported, and the next
 * one may succeed. `show` gets each issue and the build time.
 */
export async function buildAndWatch(
  names: readonly string[],
  flags: BuildFlags,
  terminal: Terminal,
  show: (written: BuiltIssue & Noticed, ms: number | undefined) => void,
): Promise<void> {
  const config = await openOutbox(flags, terminal);
  const memory = new Memory();
  // A separate terminal, because a failed build must not affect the exit code.
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
  let building = Promise.resolve();
  const buildNext = async (isFirst: boolean) =>
    (building = building.then(async () => build(isFirst)));
  const articles = () => watchedFiles(names, config.sources, terminal.cwd);
  // The files are watched first, because they may change during the first build.
  const watcher = await watchFiles(
    { articles, ...config, configFile: flags.config && path.resolve(terminal.cwd, flags.config) },
    async () => buildNext(false),
  );
  await buildNext(true);
  const letGo = await untilInterrupted();
  await watcher.close();
  await building;
  letGo();
}
