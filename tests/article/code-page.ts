/** The bytes of a text in an old code page; what the code page doesn't have becomes a question mark. */
export function inCodePage(text: string, label: string): Uint8Array {
  const bytes = bytesOf(label);
  return Uint8Array.from(Array.from(text).flatMap((sign) => bytes.get(sign) ?? [0x3f]));
}

// Node can only decode them, so each sign is looked up by what decodes to it.
function bytesOf(label: string): Map<string, readonly number[]> {
  const decoder = new TextDecoder(label);
  const table = new Map<string, readonly number[]>();
  const learn = (...bytes: number[]) => {
    const sign = decoder.decode(Uint8Array.from(bytes));
    if (Array.from(sign).length === 1 && sign !== "\ufffd" && !table.has(sign))
      table.set(sign, bytes);
  };
  for (let byte = 0; byte < 256; byte++) learn(byte);
  for (let lead = 0x81; lead < 256; lead++) {
    for (let trail = 0x40; trail < 256; trail++) learn(lead, trail);
  }
  return table;
}
