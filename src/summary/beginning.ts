/** The beginning of a text, of at most so many code units: cut between two paragraphs, or two words where one never ends. */
export function beginningOf(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const beginning = text.slice(0, longest);
  const end = [beginning.lastIndexOf("\n\n"), beginning.lastIndexOf(" ")].find(
    (at) => at > longest / 2,
  );
  return beginning.slice(0, end).toWellFormed();
}
