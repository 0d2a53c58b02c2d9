import type { Diagnosis, Verdict } from "../../doctor/diagnosis.ts";
import type { Style } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { wrapped } from "../wrapped.ts";

const WORDS: Readonly<Record<Verdict, readonly [word: string, style: Style]>> = {
  ok: ["OK", "ready"],
  look: ["Look", "look"],
  fix: ["Fix", "fix"],
  unseen: ["Not seen", "dim"],
};

const GAP = 3;
const VERDICT = "Not seen".length + GAP;

/** What was found, the verdict first and a line for each thing, with what to do below it. */
export function doctorView(
  name: string,
  diagnoses: readonly Diagnosis[],
  terminal: Terminal,
): string {
  const { paint, isUtf8, columns } = terminal;
  const about = Math.max(...diagnoses.map(({ about }) => about.length)) + GAP;
  const rule = paint("dim", (isUtf8 ? "─" : "-").repeat(columns));
  const rows = diagnoses.map((diagnosis) => row(diagnosis, about, terminal));
  return [
    paint("bold", name),
    ...wrapped(verdict(diagnoses, terminal), columns),
    rule,
    ...rows,
    rule,
  ].join("\n");
}

function row(
  { verdict, about, says, fix }: Diagnosis,
  width: number,
  { paint, columns }: Terminal,
): string {
  const [word, style] = WORDS[verdict];
  const indent = " ".repeat(VERDICT + width);
  const room = columns - indent.length;
  const lines = [
    ...wrapped(says, room),
    ...(fix === undefined ? [] : wrapped(fix, room).map((line) => paint("dim", line))),
  ];
  const head = paint(style, word) + " ".repeat(VERDICT - word.length) + about.padEnd(width);
  return head + lines.join(`\n${indent}`);
}

function verdict(diagnoses: readonly Diagnosis[], { paint }: Terminal): string {
  const count = (wanted: Verdict) => diagnoses.filter(({ verdict }) => verdict === wanted).length;
  const [fixes, looks, hidden] = [count("fix"), count("look"), count("unseen")];
  const first =
    fixes === 0
      ? paint("ready", nothingToFix(looks, hidden))
      : paint("fix", fixes === 1 ? "One thing to fix" : `${fixes} things to fix`);
  const more = [
    ...(looks > 0 ? [paint("look", `${looks} to look at`)] : []),
    ...(hidden > 0 ? [`${hidden} not seen`] : []),
  ];
  return [first, ...more].join(", ");
}

/** With something to look at it may be sent, but a person has to look first. */
function nothingToFix(looks: number, hidden: number): string {
  if (hidden > 0) return "Nothing to fix in what was seen";
  return looks > 0 ? "Nothing to fix" : "Ready to send";
}
