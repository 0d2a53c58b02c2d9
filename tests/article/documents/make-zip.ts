import { crc32, deflateRawSync } from "node:zlib";

/** What a file of an archive claims of itself, where that isn't true. */
export interface Claims {
  readonly size?: number;
  readonly isEncrypted?: true;
}

/** A ZIP archive (APPNOTE.TXT) of these files, by name, with false claims where a test is about them. */
export function makeZip(
  files: Readonly<Record<string, string | Uint8Array>>,
  claims: Readonly<Record<string, Claims>> = {},
): Buffer {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const { size = bytes.length, isEncrypted } = claims[name] ?? {};
    const label = Buffer.from(name);
    // Version, flags, method, time and date, checksum, sizes, length of the name, length of the extra field.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800 + (isEncrypted ? 1 : 0), 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(label.length, 22);
    const body = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), common, label, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    entries.push(
      Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), common, tail, label]),
    );
    bodies.push(body);
    offset += body.length;
  }
  const central = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, central, end]);
}
