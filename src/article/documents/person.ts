/** What programs write where no one has given them a name. */
const PROGRAM =
  /^(?:python-docx|microsoft office user|(?:windows )?user|admin(?:istrator)?|unknown|author|owner|google docs|apache poi|docx4j|pandoc|home|pc|root)$/i;

/** The author that the properties of a document name, unless a program or an account gave it the name. */
export function personIn(name: string): string[] {
  const plain = name.trim();
  return plain === "" || PROGRAM.test(plain) || /[@\d]/.test(plain) ? [] : [plain];
}
