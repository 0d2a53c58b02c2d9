import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { openList } from "../../../src/subscribers/io/list-file.ts";
import { type ListRecord, readList } from "../../../src/subscribers/io/read-list.ts";
import { newFolder } from "../../temporary.ts";

async function fileWith(content: string | Uint8Array, name = "list.csv"): Promise<string> {
  const file = path.join(await newFolder(), name);
  await writeFile(file, content);
  return file;
}

/** The lines and cells of a list. */
async function read(content: string | Uint8Array, encoding?: string) {
  const list = await openList(await fileWith(content), { encoding, stdin: Readable.from([]) });
  return records(list);
}

async function records(list: Parameters<typeof readList>[0]) {
  const all: ListRecord[] = [];
  for await (const group of readList(list)) all.push(...group);
  return all.map(({ line, cells, fault }): unknown[] => {
    const row: unknown[] = [line];
    return row.concat(fault ?? cells);
  });
}

describe("CSV", () => {
  test.each([
    ["commas", "email,name\nmara@x.example,Mara\n"],
    ["semicolons", "email;name\nmara@x.example;Mara\n"],
    ["tabs", "email\tname\nmara@x.example\tMara\n"],
    ["Windows' line ends", "email,name\r\nmara@x.example,Mara\r\n"],
    ["no last line end", "email,name\nmara@x.example,Mara"],
    ["a byte order mark", "\uFEFFemail,name\nmara@x.example,Mara\n"],
    ["quotes", '"email","name"\n"mara@x.example","Mara"\n'],
    ["UTF-16", Buffer.from("\uFEFFemail,name\nmara@x.example,Mara\n", "utf16le")],
  ])("with %s", async (_what, content) => {
    expect(await read(content)).toEqual([
      [1, "email", "name"],
      [2, "mara@x.example", "Mara"],
    ]);
  });

  test("with marks, quotes and lines inside quotes", async () => {
    const content =
      'email;name\nm@x.example;"Quill; ""the pen""\nof Carrow"\n\nj@x.example;J "Jo" P\n';
    expect(await read(content)).toEqual([
      [1, "email", "name"],
      [3, "m@x.example", 'Quill; "the pen"\nof Carrow'],
      [5, "j@x.example", 'J "Jo" P'],
    ]);
  });

  test("with lines of Windows inside quotes, and the right numbers of lines after them", async () => {
    const content = 'email;name\r\nm@x.example;"Quill\r\nof\r\nCarrow"\r\nj@x.example;Jory\r\n';
    expect(await read(content)).toEqual([
      [1, "email", "name"],
      [4, "m@x.example", "Quill\r\nof\r\nCarrow"],
      [5, "j@x.example", "Jory"],
    ]);
  });

  test("with addresses and commas in a note of several lines", async () => {
    const note = "see a@x.example, c\nand d@x.example, f";
    expect(await read(`email,name,note\nm@x.example,"${note}"\n`)).toEqual([
      [1, "email", "name", "note"],
      [3, "m@x.example", note],
    ]);
  });

  test("with an address in several lines", async () => {
    const place = "12 Quay Road, Carrow\nOrrell, PO Box 3";
    expect(await read(`name,place,email\nMara,"${place}",m@x.example\n`)).toEqual([
      [1, "name", "place", "email"],
      [3, "Mara", place, "m@x.example"],
    ]);
  });

  test.each([
    ["in the first cell", '"m@x.example;Mara;\nj@x.example;Jory;left\nk@x.example;"Kerra";'],
    ["in a later cell", 'm@x.example;"Mara;\nj@x.example;Jory;left\nk@x.example;"Kerra";'],
  ])("whose quote %s only a later row closes has a faulty row", async (_where, rows) => {
    expect(await read(`email;name;status\n${rows}\n`)).toEqual([
      [1, "email", "name", "status"],
      [4, "has 3 rows of the list in one cell: a quote in the first of them is not closed"],
    ]);
  });

  test("that is no UTF-8 is read as windows-1252, or as one says", async () => {
    const bytes = Buffer.from("email,name\nm@x.example,Zo\xEB\n", "latin1");
    const list = await openList(await fileWith(bytes), { stdin: Readable.from([]) });
    expect(list).toMatchObject({ encoding: "windows-1252", isGuessed: true });
    expect((await records(list))[1]).toEqual([2, "m@x.example", "Zoë"]);
    expect((await read(bytes, "iso-8859-5"))[1]).toEqual([2, "m@x.example", "Zoы"]);
  });

  test("a letter that is cut by the end of a chunk is whole", async () => {
    const chunks = [
      Buffer.from("email,name\nm@x.example,Zo\xC3", "latin1"),
      Buffer.from([0xab, 10]),
    ];
    const list = await openList("-", { stdin: Readable.from(chunks) });
    expect((await records(list))[1]).toEqual([2, "m@x.example", "Zoë"]);
  });

  test("a million columns are refused before they are kept", async () => {
    await expect(read("column,".repeat(1_000_000))).rejects.toMatchObject({
      code: "CONTENT_UNSUPPORTED",
      message: "a row of the list is too long",
    });
  });
});

describe("JSON", () => {
  test("an array of objects, its lists joined and its names taken", async () => {
    const content = JSON.stringify(
      [
        { email: "m@x.example", name: 'Mara "{" Quill', labels: [{ name: "harbour" }, "news"] },
        { email: "j@x.example", subscribed: false, age: 7, name: null },
      ],
      undefined,
      2,
    );
    expect(await read(content)).toEqual([
      [0, "email", "name", "labels", "subscribed", "age"],
      [2, "m@x.example", 'Mara "{" Quill', "harbour;news", "", ""],
      [12, "j@x.example", "", "", "false", "7"],
    ]);
  });

  test("one object a line, in any chunks", async () => {
    const text = '{"email":"m@x.example","name":"a\\\\"}\n{"email":"ж@x.example","name":"}\\""}\n';
    const bytes = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));
    const list = await openList("-", { stdin: Readable.from(bytes) });
    expect(await records(list)).toEqual([
      [0, "email", "name"],
      [1, "m@x.example", "a\\"],
      [2, "ж@x.example", '}"'],
    ]);
  });

  test("an object that is broken is one row that can't be read", async () => {
    const content = '[{"email":"m@x.example"},\n{"email":},\n{"email":"j@x.example"}]';
    expect(await read(content)).toEqual([
      [0, "email"],
      [1, "m@x.example"],
      [2, "is not valid JSON"],
      [3, "j@x.example"],
    ]);
  });

  test.each([
    ["what is no object", '["m@x.example"]', "line 1 is not an object"],
    ["an object without an end", '[{"email":"m@x.example"},\n{"email":"j', "line 2 has no end"],
    ["one without an end or measure", `[{"email":"${"x".repeat(1_100_000)}`, "line 1 is too long"],
  ])("%s is refused with its line", async (_what, content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      code: "CONTENT_UNSUPPORTED",
      message: expect.stringContaining(message),
    });
  });
});

describe("what is no list", () => {
  test.each([
    ["an empty file", "", "CONTENT_EMPTY"],
    ["a spreadsheet", "PK\u0003\u0004\0\0\0\0xl/workbook.xml", "CONTENT_BINARY"],
    ["a picture", "\u0089PNG\r\n\u001A\n\0\0\0\rIHDR", "CONTENT_BINARY"],
  ])("%s is refused", async (_what, content, code) => {
    await expect(read(content)).rejects.toMatchObject({ code });
  });

  test("a file that isn't there, and an encoding that isn't known", async () => {
    const stdin = Readable.from([]);
    await expect(openList("/nowhere/list.csv", { stdin })).rejects.toMatchObject({
      code: "INPUT_MISSING",
    });
    await expect(openList("-", { stdin, encoding: "latin-9000" })).rejects.toMatchObject({
      code: "USAGE",
    });
    await expect(openList(tmpdir(), { stdin })).rejects.toMatchObject({ code: "INPUT_UNREADABLE" });
  });
});
