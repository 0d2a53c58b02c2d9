import { html } from "htm/preact";
import type { SizeData } from "../../page-data.ts";
import { issue } from "../store.ts";
import { choose, chosenStory, idOf, stories } from "../stories.ts";

/** The minimum size that the meter shows. */
const SHOWN_BYTES = 110 * 1024;

/** The size of the issue against Gmail's limit, by part. */
export function SizeMeter() {
  const { html: email, text, sizes, clippedBytes } = issue.value;
  const whole = bytesOf(email);
  const isOver = whole > clippedBytes;
  const scale = Math.max(SHOWN_BYTES, whole * 1.05);
  const share = (bytes: number) => `${((bytes / scale) * 100).toFixed(2)}%`;
  const room = `${kilobytes(Math.abs(clippedBytes - whole))} KB`;
  return html`<section class="size" aria-label="Size">
    <p class="sum">
      <span class="figure">${kilobytes(whole)} KB</span>
      <span class=${isOver ? "word error" : "muted"}>
        ${isOver ? ` ${room} too long` : ` room for ${room} more`}
      </span>
    </p>
    <div class="meter" aria-hidden="true">
      ${sizes.map(
        (size) => html`<span
          class=${isChosen(size) ? "part chosen" : "part"}
          style=${`width:${share(size.bytes)}`}
        ></span>`,
      )}
      <i style=${`left:${share(clippedBytes)}`}></i>
    </div>
    <p class="scale">
      <span class="muted">0</span>
      <span style=${`right:calc(100% - ${share(clippedBytes)})`}>
        clipped from ${clippedBytes / 1024} KB
      </span>
    </p>
    <ol class="parts-sizes">
      ${sizes.map(sizeRow)}
      <li class="beside">
        <span class="line">
          <span class="number"></span>
          <span class="name">Plain text, sent beside it</span>
          <span class="bytes">${kilobytes(bytesOf(text))}</span>
        </span>
      </li>
    </ol>
  </section>`;
}

function isChosen({ id }: SizeData): boolean {
  return (
    id !== undefined && chosenStory.value !== undefined && id === idOf(chosenStory.value.entry)
  );
}

function sizeRow(size: SizeData) {
  const { name, bytes, id } = size;
  const story = stories.value.find(({ entry }) => idOf(entry) === id)?.number;
  const cells = html`<span class="number">${story}</span>
    <span class="name" dir="auto">${name}</span>
    <span class="bytes">${kilobytes(bytes)}</span>`;
  return html`<li class=${isChosen(size) ? "chosen" : undefined}>
    ${
      id === undefined
        ? html`<span class="line">${cells}</span>`
        : html`<button class="line" data-key=${`size-${story}`} onclick=${() => choose(id)}>${cells}</button>`
    }
  </li>`;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

export function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}
