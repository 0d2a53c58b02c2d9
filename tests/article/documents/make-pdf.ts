import type { Page } from "playwright-core";
import { openBrowser } from "../../browser.ts";

export interface Printed {
  readonly body: string;
  readonly title?: string;
  readonly language?: string;
  readonly style?: string;
  readonly isTagged: boolean;
  readonly header?: string;
  readonly footer?: string;
}

function small(inside = ""): string {
  return `<div style="font-size: 8px; width: 100%; text-align: center">${inside}</div>`;
}

let page: Promise<Page> | undefined;

/** A page as Chromium prints it into a PDF. */
export async function makePdf(printed: Printed): Promise<Buffer> {
  const { body, title = "", language = "en", style = "", isTagged, header, footer } = printed;
  page ??= openBrowser().then(async (browser) => browser.newPage());
  const open = await page;
  await open.setContent(
    `<html lang="${language}"><head><title>${title}</title><style>body { font: 11pt/1.4 Georgia } ${style}</style></head><body>${body}</body></html>`,
  );
  return open.pdf({
    tagged: isTagged,
    format: "A5",
    margin: { top: "2cm", bottom: "2cm", left: "1.5cm", right: "1.5cm" },
    displayHeaderFooter: header !== undefined || footer !== undefined,
    headerTemplate: small(header),
    footerTemplate: small(footer),
  });
}

export async function closePage(): Promise<void> {
  await (await page)?.close();
  page = undefined;
}

/** A PDF of its objects, as they are written by hand: the first is the catalogue. */
export function writePdf(objects: readonly string[], trailer = ""): Buffer {
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, at) => {
    const offset = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = text.length;
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`);
  const size = objects.length + 1;
  text += `xref\n0 ${size}\n0000000000 65535 f \n${table.join("")}`;
  text += `trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}

/** A page by hand, with a font and what is drawn. */
export function drawPdf(drawing: string, font: string, more: readonly string[] = []): Buffer {
  return writePdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 600] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    font,
    ...more,
  ]);
}
