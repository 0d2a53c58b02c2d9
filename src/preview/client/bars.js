import { h } from "./dom.js";
import { canEdit, isFrozen, takeBack } from "./edits.js";
import { change, desk, issue, standing, state, set } from "./store.js";
import { framesShown } from "./frames.js";
import { viewNamed, VIEWS } from "./settings.js";
import { noticesAt } from "./notices.js";
import { capitalised } from "./stories.js";

/** The bar above all: what one looks at, and what has become of it. */
export function topBar() {
  if (!state.data.issue) return [h("h1.brand", "Broadsheet"), keysButton()];
  const { digest } = issue();
  const { number, slot, newsletter } = digest.issue;
  const name = digest.publication?.name ?? newsletter;
  return [
    h("h1.brand", "Broadsheet"),
    h(
      "p.where",
      { dir: "auto" },
      `${name}, `,
      h("b", number === undefined ? slot : `No. ${number}`),
      `, ${digest.template ?? "digest"}`,
    ),
    h("p.status", { role: "status" }, status()),
    ...deskButtons(),
    keysButton(),
  ];
}

function status() {
  const { notice = "", done } = desk() ?? {};
  if (state.notice || notice) return state.notice || notice;
  return done ? `Rebuilt ${done.at} in ${(done.ms / 1000).toFixed(1)} s` : "";
}

function deskButtons() {
  const { canUndo, canRedo } = desk() ?? {};
  return [
    canUndo && !isFrozen() && plainButton("Undo", () => takeBack("undo")),
    canRedo && !isFrozen() && plainButton("Redo", () => takeBack("redo")),
    (canEdit() || isFrozen()) && plainButton("Send me a test", () => change({ dialog: "test" })),
  ];
}

function keysButton() {
  return plainButton("Keys", () => change({ dialog: "keys" }), h("kbd", "?"));
}

/**
 * @param {string} name
 * @param {() => unknown} run
 * @param {readonly Node[]} before
 */
function plainButton(name, run, ...before) {
  return h("button.plain", { "data-key": name, onclick: run }, ...before, ` ${name}`);
}

/** The views, and which frames they are seen in. */
export function tabs() {
  const { view } = state.settings;
  // "Webmail" is a way of having no styles, and reached from there.
  const isCurrent = (/** @type {string} */ name) =>
    name === view || (name === "no-style" && view === "webmail");
  return [
    h(
      "div.views",
      { role: "group", "aria-label": "Views" },
      VIEWS.filter(({ name }) => name !== "webmail").map(({ name, key, title }) =>
        h(
          "button.tab",
          {
            "data-key": `view-${name}`,
            "aria-pressed": String(isCurrent(name)),
            onclick: () => set({ view: name }),
          },
          h("span.muted", key),
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
    "div.choice",
    { role: "group", "aria-label": "Frames" },
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

/**
 * Where the issue stands, in the line that commands begin with; where its sending has begun, what can be done all the same.
 * Then what is left out of it, failing or waiting.
 */
export function standingPanels() {
  const { says = "", goes = "" } = standing() ?? {};
  const line = `${desk()?.path.split("/").at(-1)} is ${says}${goes && `; ${goes}`}`;
  return [
    isFrozen() && state.data.issue ? frozenPanel(line) : says && h("p.standing", `${line}.`),
    ...noticesAt(""),
  ];
}

/** @param {string} line */
function frozenPanel(line) {
  const { slot } = issue().digest.issue;
  const isSent = standing()?.state === "sent";
  return h(
    "section.trouble.frozen",
    { "aria-label": "Only to look at" },
    h("h2", h("span.word.info", "Only to look at"), ` ${line}`),
    h(
      "p",
      isSent
        ? "What you see is what its readers have."
        : "Readers who are left get what was planned, which is what you see.",
    ),
    !isSent &&
      h(
        "p",
        "To send them another text, edit its digest.json and run ",
        h("code", `broadsheet send ${slot} --revise`),
      ),
  );
}

/** What keeps the newest from being shown: where it is, and what to do about it. */
export function troublePanel() {
  const trouble = desk()?.trouble;
  if (!trouble) return undefined;
  const { code, message, fix, at, lines = [], line } = trouble;
  return h(
    "section.trouble",
    { role: "alert" },
    h("h2", h("span.word.error", "Fix"), ` ${message}`),
    h("p", at !== undefined && h("code.at", at), " ", h("code", code)),
    lines.length > 0 &&
      h(
        "pre",
        { tabindex: "0", "aria-label": "The lines around it" },
        lines.map(({ number, text }) =>
          h(
            "span",
            { class: number === line ? "code-line chosen" : "code-line" },
            h("span.muted", String(number).padStart(5)),
            `  ${text}\n`,
          ),
        ),
      ),
    fix !== undefined && h("p", capitalised(fix)),
    h(
      "p.muted",
      "What you see is the last that could be made. The page mends itself when this is mended.",
    ),
  );
}
