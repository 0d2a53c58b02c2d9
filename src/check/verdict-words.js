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
