import { h } from "./dom.js";
import { issue, set, state } from "./store.js";

/** Gmail cuts a message whose HTML is longer, and hides the rest behind a link. */
const CLIP_BYTES = 102 * 1024;
const SHOWN_BYTES = 110 * 1024;

/** How much of what Gmail shows an issue takes, and which part takes it. */
export function sizeMeter() {
  const { html, text, sizes } = issue();
  const whole = bytesOf(html);
  const isOver = whole > CLIP_BYTES;
  const scale = Math.max(SHOWN_BYTES, whole * 1.05);
  const share = (/** @type {number} */ bytes) => `${((bytes / scale) * 100).toFixed(2)}%`;
  const room = `${kilobytes(Math.abs(CLIP_BYTES - whole))} KB`;
  return h(
    "section",
    { class: "size", "aria-label": "Size" },
    h(
      "p",
      { class: "sum" },
      h("span", { class: "figure" }, `${kilobytes(whole)} KB`),
      h(
        "span",
        { class: isOver ? "word error" : "muted" },
        isOver ? ` ${room} too long` : ` room for ${room} more`,
      ),
    ),
    h(
      "div",
      { class: "meter", "aria-hidden": "true" },
      sizes.map(({ bytes, story }) =>
        h("span", {
          class: story !== undefined && story === state.settings.story ? "part chosen" : "part",
          style: `width:${share(bytes)}`,
        }),
      ),
      h("i", { style: `left:${share(CLIP_BYTES)}` }),
    ),
    h(
      "p",
      { class: "scale" },
      h("span", { class: "muted" }, "0"),
      h("span", { style: `right:calc(100% - ${share(CLIP_BYTES)})` }, "clipped from 102 KB"),
    ),
    h(
      "ol",
      { class: "parts-sizes" },
      sizes.map(({ name, bytes, story }) => {
        const isChosen = story !== undefined && story === state.settings.story;
        const cells = [
          h("span", { class: "number" }, story),
          h("span", { class: "name", dir: "auto" }, name),
          h("span", { class: "bytes" }, kilobytes(bytes)),
        ];
        return h(
          "li",
          { class: isChosen ? "chosen" : undefined },
          story === undefined
            ? h("span", { class: "line" }, cells)
            : h(
                "button",
                { class: "line", "data-key": `size-${story}`, onclick: () => set({ story }) },
                cells,
              ),
        );
      }),
      h(
        "li",
        { class: "beside" },
        h(
          "span",
          { class: "line" },
          h("span", { class: "number" }),
          h("span", { class: "name" }, "Plain text, sent beside it"),
          h("span", { class: "bytes" }, kilobytes(bytesOf(text))),
        ),
      ),
    ),
  );
}

/** @param {string} text */
function bytesOf(text) {
  return new TextEncoder().encode(text).length;
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return (bytes / 1024).toFixed(1);
}
