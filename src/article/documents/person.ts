/** What programs write where no one has given them a name. */
const PROGRAM: ReadonlySet<string> = new Set(
  "python-docx|microsoft office user|user|windows user|admin|administrator|unknown|author|owner|google docs|apache poi|docx4j|pandoc|home|pc|root".split(
    "|",
  ),
);

/** The author that the properties of a document name, unless a program or an account gave it the name. */
export function personIn(name: string): string[] {
  const plain = name.trim();
  return plain === "" || PROGRAM.has(plain.toLowerCase()) || /[@\d]/.test(plain) ? [] : [plain];
}
