import { Option } from "commander";
import type { Config } from "../../config/config.ts";
import { BroadsheetError } from "../../errors.ts";
import path from "node:path";
import type { CopiedStore } from "../../platform/copy-store.ts";
import { storeName, type StorePlace } from "../../platform/store.ts";
import { many } from "../../platform/text.ts";
import { configFlags, type ConfigFlags, type Configure } from "../flags.ts";
import type { Terminal } from "../terminal.ts";

const migrate: Configure = (command, terminal) => {
  configFlags(command)
    .addHelpText("after", MIGRATE_HELP)
    .action(async (flags: ConfigFlags) => {
      const { store } = await projectOf(flags, terminal);
      const { migratePostgres } = await import("../../platform/postgres/migrate.ts");
      const migrated = await migratePostgres(urlOf(store));
      if (flags.json) return terminal.printJson(migrated);
      const { name, from, to, grants } = migrated;
      terminal.print(
        from === to
          ? `The tables in ${name} are up to date`
          : `The tables in ${name} are ready: version ${to}${from > 0 ? `, from ${from}` : ""}`,
      );
      terminal.print(`\nFor a user who changes no table, such as that of a worker:\n`);
      for (const grant of ["CREATE ROLE broadsheet_worker LOGIN PASSWORD '…';", ...grants])
        terminal.print(`  ${grant}`);
    });
};

const MIGRATE_HELP = `
DATABASE_URL, in the environment or in .env, names an existing database: postgres://USER:PASSWORD@HOST/DATABASE.
The tables are made in the schemas broadsheet and broadsheet_jobs, and tables of other programs are left alone. The user
needs the right to make schemas there. Other commands only read and write: the grants that this command prints are
enough for them.

After an update of Broadsheet, run it again. Workers of an older version stop until they are updated too.

Examples:
  npm install pg pg-boss
  broadsheet db migrate`;

const copy: Configure = (command, terminal) => {
  const move = new Option("--move", "use the copied file as the store from now on");
  configFlags(command)
    .argument("<FROM>", "a store: its file, or DATABASE_URL")
    .argument("<TO>", "a file that is not there yet, or DATABASE_URL")
    .addOption(move)
    .addHelpText("after", COPY_HELP)
    .action(async (from: string, to: string, flags: ConfigFlags & { readonly move?: true }) => {
      const [{ copyStore }, config] = await Promise.all([
        import("../../platform/copy-store.ts"),
        projectOf(flags, terminal),
      ]);
      const { store } = config;
      const [source, target] = [placeOf(from, store, terminal), placeOf(to, store, terminal)];
      const isMove = flags.move === true;
      if (from === "DATABASE_URL") await bringAll(config);
      const copied = await copyStore(source, target, { isMove, env: process.env });
      const names = { from: storeName(source), to: storeName(target) };
      if (flags.json) terminal.printJson({ ...names, ...copied });
      else terminal.print(copiedText(copied, names));
    });
};

/** A file does not store issues, so all issues of the database are first copied into the outbox. */
async function bringAll(config: Config): Promise<void> {
  const { bringIssues } = await import("../../issue/io/bring-issues.ts");
  await bringIssues(config, Infinity);
}

const COPY_HELP = `
A store is copied with all its newsletters, and each table is read again and compared. The command refuses to copy
while an issue is being sent, and to overwrite a store. A store in a file has no shared issues: they are copied from
the database into the outbox, and from there into the database with the next command.

A copy into a database replaces the store, and commands refuse the old one. A copy in a new file is a backup, and the
store stays in use, unless you add --move.

Nothing is sent from a copy until you run: broadsheet reconcile --accept-store. Before you move a store, stop "serve",
"schedule" and the workers. Start them again after that command.

Examples:
  broadsheet db copy .broadsheet/broadsheet.db DATABASE_URL
  broadsheet db copy DATABASE_URL backup-2026-11-24.db`;

function copiedText(
  { tables, isMoved, isLatest }: CopiedStore,
  { from, to }: { readonly from: string; readonly to: string },
): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  // With the old setting, `reconcile --accept-store` would accept the old store.
  const setting = path.isAbsolute(to)
    ? `take DATABASE_URL out of .env, and set store: ${JSON.stringify(to)} in the config\n       `
    : "";
  const next = isMoved
    ? `Nothing may be sent from ${from} any more.\n\nNext   ${setting}broadsheet reconcile --accept-store`
    : `${from} ${isLatest ? "stays in use" : "is a backup"}. Nothing is sent from the copy before you run: broadsheet reconcile --accept-store`;
  return `${many(rows, "row")} in ${many(tables.length, "table")} copied to ${to}, and compared\n${next}`;
}

async function projectOf(flags: ConfigFlags, terminal: Terminal): Promise<Config> {
  const { openProject } = await import("../../config/io/load-config.ts");
  return openProject(flags, terminal);
}

/** A URL on the command line would be visible to all users of the machine. The name of the setting represents it. */
function placeOf(text: string, store: StorePlace, { cwd }: Terminal): StorePlace {
  if (text === "DATABASE_URL") return { url: urlOf(store) };
  return /^\w+:\/\//.test(text) ? { url: text } : { file: path.resolve(cwd, text) };
}

function urlOf(store: StorePlace): string {
  if ("url" in store) return store.url;
  throw new BroadsheetError("CONFIG_INVALID", "DATABASE_URL is not set", {
    fix: "set it in the environment or in .env: postgres://USER:PASSWORD@HOST/DATABASE",
  });
}

export const commands = { migrate, copy };
