import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { newFolder } from "./temporary.ts";

/** A program with sendmail's command line. */
export interface TestSendmail {
  readonly program: string;
  /** What it took, with the line ends that it goes on with. */
  readonly arrived: () => Promise<readonly Buffer[]>;
  /** What it was called with, a call each. */
  readonly calls: () => Promise<readonly string[][]>;
  /** What the script has written to a file beside it. */
  readonly noted: (name: string) => Promise<string>;
}

/** Keeps the message, as a mail server does: with CRLF. */
export const TAKE = `sed 's/$/\\r/' > "$here/taken.$$.part" && mv "$here/taken.$$.part" "$here/taken.$$"`;

/** A real program: a shell script that does this, until the test is over. */
export async function startSendmail(script = TAKE): Promise<TestSendmail> {
  const folder = await newFolder();
  const program = path.join(folder, "sendmail");
  const lines = [
    "#!/bin/sh",
    `here='${folder}'`,
    'for to in "$@"; do printf "%s\\n" "$to"; done > "$here/call.$$"',
    script,
    "",
  ];
  await writeFile(program, lines.join("\n"));
  await chmod(program, 0o755);
  const all = async (kind: RegExp) => {
    const names = (await readdir(folder)).filter((name) => kind.test(name));
    return Promise.all(names.map(async (name) => readFile(path.join(folder, name))));
  };
  return {
    program,
    arrived: async () => all(/^taken\.\d+$/),
    calls: async () =>
      (await all(/^call\./)).map((lines) => lines.toString().split("\n").slice(0, -1)),
    noted: async (name) => readFile(path.join(folder, name), "utf8"),
  };
}
