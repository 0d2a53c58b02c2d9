import { fill, h } from "./dom.js";
import { hideStory, moveStory, takeBack } from "./edits.js";
import { framesElement, restoreScroll, updateFrames } from "./frames.js";
import { markFound } from "./find.js";
import { nextFixture, stepIssue } from "./issues.js";
import { adviceSection, sizeMeter } from "./right-column.js";
import { inboxRow, nextProgram } from "./inbox.js";
import { bind, pressed } from "./keys.js";
import { keysDialog, testDialog } from "./dialogs.js";
import { chooseStory, leftColumn } from "./left-column.js";
import { post, watchDesk, watchStamp } from "./live.js";
import { modelPanel } from "./model-panel.js";
import { drawWire, editChosen, modelView, revealPair, stepPoint } from "./model-view.js";
import { change, desk, onChange, set, state } from "./store.js";
import { stories } from "./stories.js";
import { tabs, topBar, standingPanels, troublePanel } from "./bars.js";
import { headersView, sourceView, textView } from "./text-views.js";
import { stepFinding, verdict } from "./verdict.js";
import { viewNamed, VIEWS } from "./settings.js";
import { goToWhyHere } from "./why-here.js";

const top = h("header.top");
const left = h("nav.left", { "aria-label": "Issue" });
const tabRow = h("div.tabs");
const sheet = h("div.view");
const notices = h("div.notices");
const centre = h("main.centre", notices, tabRow, framesElement, sheet);
const right = h("aside.right", { "aria-label": "What was found" });

document.body.append(top, h("div.columns", left, centre, right));

/** One goes through the columns by keys in the order in which they are seen. */
const isNarrow = matchMedia("(max-width: 799px)");
const arrange = () => (isNarrow.matches ? centre.after(left) : centre.before(left));
isNarrow.addEventListener("change", arrange);
arrange();

/** What the sheet shows, so that it is made anew only where it would be another. */
let shownSheet = "";

function render() {
  const { settings } = state;
  const hasIssue = state.data.issue !== null;
  document.documentElement.toggleAttribute("data-empty", !hasIssue);
  fill(notices, ...standingPanels(), troublePanel());
  const view = viewNamed(settings.view);
  document.documentElement.dataset["theme"] = settings.theme;
  document.documentElement.dataset["view"] = settings.view;
  document.documentElement.toggleAttribute("data-alone", settings.alone);
  fill(top, ...topBar());
  renderDialog();
  framesElement.hidden = !hasIssue;
  if (!hasIssue) return;
  fill(left, ...leftColumn());
  fill(tabRow, ...tabs());
  updateFrames();
  renderSheet();
  if (view.name === "model") fill(right, ...modelPanel());
  else fill(right, inboxRow(), verdict(), adviceSection(), sizeMeter());
}

function renderSheet() {
  const { view, story, point, near } = state.settings;
  const content = { text: textView, source: sourceView, headers: headersView, model: modelView };
  const [, make] = Object.entries(content).find(([name]) => name === view) ?? [];
  sheet.hidden = !make;
  const editing = state.editing ? `${state.editing.what} ${state.editing.said}` : "";
  const wanted = `${view} ${state.version} ${view === "model" ? `${story} ${point} ${near} ${editing}` : ""}`;
  if (make && wanted !== shownSheet) {
    const scrolled = sheet.scrollTop;
    fill(sheet, ...make());
    sheet.scrollTop = shownSheet.split(" ", 1)[0] === view ? scrolled : 0;
    if (view === "model") revealPair(sheet);
  }
  if (make) shownSheet = wanted;
  if (view === "model") drawWire(sheet);
  else if (make) markFound(sheet.querySelector(".sheet"));
}

function renderDialog() {
  const open = document.querySelector("dialog");
  if (state.dialog === "" && open) open.remove();
  if (state.dialog !== "" && !open) {
    const dialog = state.dialog === "keys" ? keysDialog() : testDialog();
    document.body.append(dialog);
    dialog.showModal();
  }
}

async function rebuild() {
  const name = desk()?.path.slice(1);
  if (name === undefined) return location.reload();
  change({ notice: "Rebuilding…" });
  const { said = "" } = await post(`/~rebuild?issue=${encodeURIComponent(name)}`, {});
  change({ notice: said });
}

/** @param {1 | -1} by */
function stepStory(by) {
  const last = stories().length;
  chooseStory(Math.min(last, Math.max(1, state.settings.story + by)));
}

function goToField() {
  const field = document.querySelector("[data-key=find], [data-key=filter]");
  if (field instanceof HTMLInputElement) field.select();
}

function back() {
  if (state.dialog !== "") return change({ dialog: "" });
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  if (state.editing) return change({ editing: undefined });
  if (state.filter !== "") change({ filter: "" });
  else set({ alone: false, finding: 0, point: "" });
}

function otherTheme() {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const { theme } = state.settings;
  const now = theme || (isDark ? "dark" : "light");
  set({ theme: now === "dark" ? "light" : "dark" });
}

const DESK_KEYS = [
  { key: "[", group: "Go to", does: "Newer issue", run: () => stepIssue(-1) },
  { key: "]", group: "Go to", does: "Older issue", run: () => stepIssue(1) },
  { key: "f", group: "Go to", does: "Next fixture", run: nextFixture },
  { key: "e", group: "Edit", does: "Subject, or chosen sentence", run: editChosen },
  { key: "h", group: "Edit", does: "Hide the story", run: hideStory },
  { key: "j", shift: true, group: "Edit", does: "Move the story down", run: () => moveStory(1) },
  { key: "k", shift: true, group: "Edit", does: "Move the story up", run: () => moveStory(-1) },
  { key: "u", shift: false, group: "Edit", does: "Undo", run: () => takeBack("undo") },
  { key: "u", shift: true, group: "Edit", does: "Redo", run: () => takeBack("redo") },
  { key: "m", group: "Edit", does: "Send me a test", run: () => change({ dialog: "test" }) },
];

bind([
  ...VIEWS.map(({ key, name, title }) => ({
    key,
    group: "Views",
    does: title,
    run: () => set({ view: name }),
  })),
  { key: "p", group: "Frames", does: "Phone", run: () => set({ show: "phone" }) },
  { key: "d", group: "Frames", does: "Desktop", run: () => set({ show: "desktop" }) },
  { key: "b", group: "Frames", does: "Both", run: () => set({ show: "both" }) },
  {
    key: "l",
    group: "Frames",
    does: "Scroll them together, or not",
    run: () => set({ linked: !state.settings.linked }),
  },
  {
    key: "o",
    group: "Frames",
    does: "Alone, without the columns",
    run: () => set({ alone: !state.settings.alone }),
  },
  { key: "i", group: "Frames", does: "The inbox of another program", run: nextProgram },
  ...(desk() ? DESK_KEYS : []),
  { key: "j", shift: false, group: "Go to", does: "Next story", run: () => stepStory(1) },
  { key: "k", shift: false, group: "Go to", does: "Story before", run: () => stepStory(-1) },
  { key: "n", shift: false, group: "Go to", does: "Next finding", run: () => stepFinding(1) },
  { key: "n", shift: true, group: "Go to", does: "Finding before", run: () => stepFinding(-1) },
  { key: ".", group: "Go to", does: "Next sentence of the model", run: () => stepPoint(1) },
  { key: ",", group: "Go to", does: "Sentence before", run: () => stepPoint(-1) },
  {
    key: "x",
    group: "Go to",
    does: "What the model left out",
    run: () =>
      set({ view: "model", near: !(state.settings.near && state.settings.view === "model") }),
  },
  { key: "w", group: "Go to", does: "Why the story is here", run: goToWhyHere },
  { key: "/", group: "Go to", does: "Filter, or find", run: goToField },
  { key: "t", group: "Page", does: "Light or dark", run: otherTheme },
  { key: "r", group: "Page", does: "Rebuild or reload", run: () => void rebuild() },
  { key: "?", group: "Page", does: "Keys", run: () => change({ dialog: "keys" }) },
  { key: "Escape", shown: "Esc", group: "Page", does: "Back", run: back },
]);

document.addEventListener("keydown", (event) => {
  // What lies under a dialog is out of reach.
  if (state.dialog === "" || event.key === "Escape") pressed(event);
});
addEventListener("resize", () => drawWire(sheet));
onChange(render);
restoreScroll();
render();
watchStamp();
watchDesk();
