import { h } from "./dom.js";
import { framesShown } from "./frames.js";
import { set, state } from "./store.js";
import { viewNamed, VIEWS } from "./views.js";

/** The views, and which frames they are seen in. */
export function tabs() {
  const { view } = state.settings;
  // "Webmail" is a way of having no styles, and reached from there.
  const isCurrent = (/** @type {string} */ name) =>
    name === view || (name === "no-style" && view === "webmail");
  return [
    h(
      "div",
      { class: "views", role: "group", "aria-label": "Views" },
      VIEWS.filter(({ name }) => name !== "webmail").map(({ name, key, title }) =>
        h(
          "button",
          {
            class: "tab",
            "data-key": `view-${name}`,
            "aria-pressed": String(isCurrent(name)),
            onclick: () => set({ view: name }),
          },
          h("span", { class: "muted" }, key),
          ` ${title}`,
        ),
      ),
    ),
    viewNamed(view).isFramed && frameChoice(),
  ];
}

function frameChoice() {
  const { wanted } = framesShown();
  return h(
    "div",
    { class: "choice", role: "group", "aria-label": "Frames" },
    /** @type {const} */ (["phone", "desktop", "both"]).map((name) =>
      h(
        "button",
        {
          "data-key": `show-${name}`,
          "aria-pressed": String(wanted === name),
          onclick: () => set({ show: name }),
        },
        name === "phone" ? "Phone" : name === "desktop" ? "Desktop" : "Both",
      ),
    ),
  );
}
