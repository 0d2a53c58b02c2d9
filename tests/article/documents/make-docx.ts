import { type Claims, makeZip } from "./make-zip.ts";

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** A run of text, with run properties as Word writes them. */
export function run(text: string, properties = ""): string {
  const style = properties === "" ? "" : `<w:rPr>${properties}</w:rPr>`;
  return `<w:r>${style}<w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r>`;
}

/** A paragraph of runs or of plain text, in a style of the document. */
export function paragraph(inside: string, style?: string): string {
  const own = style === undefined ? "" : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`;
  return `<w:p>${own}${inside.startsWith("<") ? inside : run(inside)}</w:p>`;
}

const STYLES: Readonly<Record<string, string>> = {
  Title: "Title",
  Subtitle: "Subtitle",
  Author: "Author",
  Heading1: "heading 1",
  Heading2: "heading 2",
  Quote: "Quote",
  Caption: "caption",
  TOC1: "toc 1",
};

export interface Docx {
  readonly body: string;
  /** More styles, as XML. */
  readonly styles?: string;
  /** Core properties, as XML. */
  readonly core?: string;
  /** More parts of the archive. */
  readonly parts?: Readonly<Record<string, string>>;
  /** Relationships of the document, as XML. */
  readonly relations?: string;
  readonly claims?: Readonly<Record<string, Claims>>;
}

/** A Word document, zipped from its XML. */
export function makeDocx({ body, styles = "", core = "", parts, relations = "", claims }: Docx) {
  const named = Object.entries(STYLES).map(
    ([id, name]) =>
      `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`,
  );
  return makeZip(
    {
      "[Content_Types].xml": xml(
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
      ),
      "_rels/.rels": xml(
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>`,
      ),
      "word/_rels/document.xml.rels": xml(
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations}</Relationships>`,
      ),
      "word/document.xml": xml(
        `<w:document ${W} xmlns:r="${OFFICE}"><w:body>${body}</w:body></w:document>`,
      ),
      "word/styles.xml": xml(`<w:styles ${W}>${named.join("")}${styles}</w:styles>`),
      "docProps/core.xml": xml(
        `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">${core}</cp:coreProperties>`,
      ),
      ...parts,
    },
    claims,
  );
}

function xml(inside: string): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${inside}`;
}

export function part(name: "footnotes" | "comments", inside: string): string {
  return `<w:${name} ${W}>${inside}</w:${name}>`;
}
