import type { SizeData } from "./page-data.ts";

/** What the HTML of an issue is made of, in bytes. */
export function sizesOf(html: string): SizeData[] {
  const head = html.indexOf("</head>");
  return [
    { name: "Head and styles", bytes: Buffer.byteLength(html.slice(0, Math.max(0, head))) },
    { name: "Stories", bytes: Buffer.byteLength(html.slice(Math.max(0, head))) },
  ];
}
