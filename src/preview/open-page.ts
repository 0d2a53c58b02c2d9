import open from "open";

/** Shows an address in the reader's browser; a machine without one has the address on its terminal. */
export async function openPage(url: string): Promise<void> {
  try {
    const browser = await open(url);
    browser.on("error", () => undefined);
  } catch {
    // What failed is no more than a convenience.
  }
}
