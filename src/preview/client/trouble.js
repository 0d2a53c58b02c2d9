import { h } from "./dom.js";
import { desk, issue, state } from "./store.js";
import { capitalised } from "./stories.js";

/** Why nothing can be changed in an issue whose sending has begun, and what can be done all the same. */
export function frozenPanel() {
  const { frozen = "" } = desk() ?? {};
  if (frozen === "" || !state.data.issue) return undefined;
  const { slot } = issue().digest.issue;
  const [what, then] =
    frozen === "sending"
      ? ["is being sent", "Readers who are left get what was planned, which is what you see."]
      : ["was sent", "What you see is what its readers have."];
  return h(
    "section",
    { class: "trouble frozen", "aria-label": "Only to look at" },
    h("h2", {}, h("span", { class: "word info" }, "Only to look at"), ` This issue ${what}`),
    h("p", {}, then),
    frozen === "sending" &&
      h(
        "p",
        {},
        "To send them another text, edit its digest.json and run ",
        h("code", {}, `broadsheet send ${slot} --revise`),
      ),
  );
}

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
