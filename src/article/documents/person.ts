/** Default names that programs write. */
const PROGRAM =
  /^(?:python-docx|microsoft office user|(?:windows )?user|admin(?:istrator)?|unknown|author|owner|google docs|apache poi|docx4j|pandoc|home|pc|root)$/i;

/** The author in the properties of a document, unless it is the name of a program or an account. */
export function personIn(name: string): string[] {
  const plain = name.trim();
  return plain === "" || PROGRAM.test(plain) || /[@\d]/.test(plain) ? [] : [plain];
}
