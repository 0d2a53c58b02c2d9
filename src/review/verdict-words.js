/**
 * Returns the verdict of a report in words, for the terminal, the preview and the desk. "Ready to send" has no findings. An
 * issue with warnings passes and can be sent, but a person should look first.
 * @param {{ toFix: number, toLookAt: number }} count
 * @returns {string}
 */
export function verdictWords({ toFix, toLookAt }) {
  if (toFix > 0) return `${toFix} to fix`;
  return toLookAt > 0 ? `${toLookAt} to look at first` : "Ready to send";
}

/** Rules whose notes are informative and need no action. */
const BACKGROUND = new Set("client-support spam-words paragraphs line-height in-brief".split(" "));

/**
 * Whether a finding is such a note. They are combined in one line.
 * @param {{ rule: string, severity: string }} finding
 * @returns {boolean}
 */
export function isBackground({ rule, severity }) {
  return severity === "info" && BACKGROUND.has(rule);
}

/**
 * Returns the line for these notes.
 * @param {readonly { rule: string }[]} notes
 * @returns {string}
 */
export function backgroundWords(notes) {
  const rules = [...new Set(notes.map(({ rule }) => rule))].join(", ");
  return `${notes.length === 1 ? "One note" : `${notes.length} notes`} with nothing to do: ${rules}`;
}

/** From three findings of one kind on, one line represents all. */
const MOST_ALIKE = 2;

/**
 * Groups findings as people count them: many of one kind are one group, every other finding is a group of its own. Findings
 * of one kind differ only in quoted words and numbers.
 * @template {{ rule: string, severity: string, message: string }} F
 * @param {readonly F[]} findings
 * @returns {[F, ...F[]][]}
 */
export function groupsOf(findings) {
  const kinds = Map.groupBy(findings, ({ rule, severity, message }) =>
    [severity, rule, ...message.split(/[“(\d]/, 1)].join(" "),
  );
  return [...kinds.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const isOne = others.length >= MOST_ALIKE;
    /** @type {[F, ...F[]][]} */
    const alone = [first, ...others].map((finding) => [finding]);
    return isOne ? [[first, ...others]] : alone;
  });
}
