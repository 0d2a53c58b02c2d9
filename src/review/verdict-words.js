/**
 * What a report comes to, in the words that the terminal, the preview and the desk share. Only what can be sent as it
 * is, is called ready: with something to look at it passes, and `send` sends it, but a person looks first.
 * @param {{ toFix: number, toLookAt: number }} count
 * @returns {string}
 */
export function verdictWords({ toFix, toLookAt }) {
  if (toFix > 0) return `${toFix} to fix`;
  return toLookAt > 0 ? `${toLookAt} to look at first` : "Ready to send";
}

/** Rules whose notes are worth knowing and ask nothing of an editor. */
const BACKGROUND = new Set("client-support spam-words paragraphs line-height in-brief".split(" "));

/**
 * Whether a finding is such a note: they fold into one line.
 * @param {{ rule: string, severity: string }} finding
 * @returns {boolean}
 */
export function isBackground({ rule, severity }) {
  return severity === "info" && BACKGROUND.has(rule);
}

/**
 * The one line for them.
 * @param {readonly { rule: string }[]} notes
 * @returns {string}
 */
export function backgroundWords(notes) {
  const rules = [...new Set(notes.map(({ rule }) => rule))].join(", ");
  return `${notes.length === 1 ? "One note" : `${notes.length} notes`} with nothing to do: ${rules}`;
}
