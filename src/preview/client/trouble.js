import { h } from "./dom.js";
import { desk } from "./store.js";
import { capitalised } from "./stories.js";

/** What keeps the newest from being shown: where it is, and what to do about it. */
export function troublePanel() {
  const trouble = desk()?.trouble;
  if (!trouble) return undefined;
  const { code, message, fix, at, lines = [], line } = trouble;
  return h(
    "section",
    { class: "trouble", role: "alert" },
    h("h2", {}, h("span", { class: "word error" }, "Fix"), ` ${message}`),
    h("p", {}, at !== undefined && h("code", { class: "at" }, at), " ", h("code", {}, code)),
    lines.length > 0 &&
      h(
        "pre",
        { tabindex: "0", "aria-label": "The lines around it" },
        lines.map(({ number, text }) =>
          h(
            "span",
            { class: number === line ? "code-line chosen" : "code-line" },
            h("span", { class: "muted" }, String(number).padStart(5)),
            `  ${text}\n`,
          ),
        ),
      ),
    fix !== undefined && h("p", {}, capitalised(fix)),
    h(
      "p",
      { class: "muted" },
      "What you see is the last that could be made. The page mends itself when this is mended.",
    ),
  );
}
