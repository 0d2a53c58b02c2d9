import { once } from "node:events";

/** Characters that are put together before they are written. */
const PART = 64 * 1024;

/** Writes lines as fast as whoever reads them takes them: however many there are, few are kept. */
export async function printLines(lines: Iterable<string>, lineEnd = "\n"): Promise<void> {
  const { stdout } = process;
  let part = "";
  for (const line of lines) {
    part += line + lineEnd;
    if (part.length < PART) continue;
    if (!stdout.write(part)) await once(stdout, "drain");
    part = "";
  }
  stdout.write(part);
}
