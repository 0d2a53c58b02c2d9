import { resolve } from "node:path";
import { summarize } from "../../src/summary/summarize.ts";
import { articleOf, rowsOf } from "../training/examples.ts";

/** CPU time of summaries as articles grow, real texts put one after another, all warm. */
export function printSpeed(corpus: string, file: string): void {
  const rows = rowsOf(resolve(corpus, file));
  const words = rows.flatMap(({ text }) => text.split(/\s+/));
  console.log("\nCPU ms, warm      gist, key points, facts    per 600 words");
  for (const count of [600, 6000, 30_000, 100_000]) {
    const row = { id: "speed", text: words.slice(0, count).join(" "), reference: "" };
    const article = articleOf(row, "en");
    const whole = cpuMs(() => summarize(article), count);
    const each = ((whole / count) * 600).toFixed(1);
    console.log(`${`${count} words`.padEnd(18)}${whole.toFixed(1).padEnd(27)}${each}`);
  }
}

/** Neighbours on the machine take wall time, not CPU time. */
function cpuMs(work: () => unknown, words: number): number {
  const rounds = Math.max(2, Math.round(60_000 / words));
  for (let round = 0; round < rounds; round++) work();
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / rounds;
}
