import { h } from "./dom.js";
import { set, state } from "./store.js";

/** What widths are offered; any other comes of dragging an edge. */
const WIDTHS = [320, 375, 600, 640, 1024];
const LEAST = 240;
const MOST = 1600;

/**
 * A menu of widths for a frame.
 * @param {"phone" | "desktop"} name
 */
export function widthChoice(name) {
  const width = state.settings[name];
  const widths = [...new Set([...WIDTHS, width])].sort((a, b) => a - b);
  return h(
    "label",
    { class: "width" },
    h("span", { class: "unseen" }, `Width of ${name}`),
    h(
      "select",
      {
        "data-key": `width-${name}`,
        onchange: (/** @type {Event} */ { target }) => {
          if (target instanceof HTMLSelectElement) set({ [name]: Number(target.value) });
        },
      },
      widths.map((px) => h("option", { value: px, selected: px === width }, `${px} px`)),
    ),
  );
}

/**
 * The edge of a frame, by which it is made as wide as one likes.
 * @param {"phone" | "desktop"} name
 * @param {() => number} scale How large the frame is shown.
 */
export function widthGrip(name, scale) {
  /** @type {HTMLElement} */
  const grip = h("div", {
    class: "grip",
    role: "separator",
    tabindex: "0",
    "aria-orientation": "vertical",
    "aria-label": `Width of ${name}`,
    "aria-valuemin": LEAST,
    "aria-valuemax": MOST,
    onpointerdown: (/** @type {PointerEvent} */ event) => drag(event, name, { grip, scale }),
    onkeydown: (/** @type {KeyboardEvent} */ event) => nudge(event, name),
  });
  return grip;
}

/**
 * @param {PointerEvent} event
 * @param {"phone" | "desktop"} name
 * @param {{ grip: HTMLElement, scale: () => number }} edge
 */
function drag(event, name, { grip, scale }) {
  const [from, width, shown] = [event.clientX, state.settings[name], scale()];
  grip.setPointerCapture(event.pointerId);
  document.body.classList.add("is-dragging");
  const move = (/** @type {PointerEvent} */ { clientX }) =>
    set({ [name]: widthWithin(width + (clientX - from) / shown) });
  grip.addEventListener("pointermove", move);
  grip.addEventListener(
    "lostpointercapture",
    () => {
      grip.removeEventListener("pointermove", move);
      document.body.classList.remove("is-dragging");
    },
    { once: true },
  );
}

/**
 * @param {KeyboardEvent} event
 * @param {"phone" | "desktop"} name
 */
function nudge(event, name) {
  const step = { ArrowLeft: -10, ArrowRight: 10 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  set({ [name]: widthWithin(state.settings[name] + step) });
}

/** @param {number} px */
function widthWithin(px) {
  return Math.round(Math.min(MOST, Math.max(LEAST, px)));
}
