import { nextProgram } from "./panels/inbox.ts";
import { stepIssue } from "./panels/issues.ts";
import { stepFinding } from "./panels/findings.ts";
import { editChosen, stepPoint } from "./panels/model-view.ts";
import { moveFocused, openAddStory, stepStory } from "./panels/story-list.ts";
import { goToWhyHere } from "./panels/why-here.ts";
import { type Key, KEYS } from "./keys.ts";
import { post } from "./live.ts";
import { decidePair, hideStory, moveStory, takeBack } from "./operations.ts";
import { VIEWS } from "./settings.ts";
import { desk, dialog, editing, filter, notice, refusal, set, settings } from "./store.ts";

const SHIFT = { shift: true };
const PLAIN = { shift: false };

async function rebuild(): Promise<void> {
  const name = desk.value?.path.slice(1);
  if (!IS_DESK || name === undefined) return location.reload();
  notice.value = "Rebuilding…";
  const { said = "" } = await post(`/~rebuild?issue=${encodeURIComponent(name)}`, {});
  notice.value = "";
  refusal.value = said;
}

function goToField(): void {
  document.querySelector<HTMLInputElement>("[data-key=filter]")?.select();
}

function back(): void {
  if (dialog.value !== "") {
    dialog.value = "";
    return;
  }
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  if (editing.value) editing.value = undefined;
  else if (filter.value !== "") filter.value = "";
  else set({ alone: false, finding: 0, point: "" });
}

function otherTheme(): void {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = settings.theme.value || (isDark ? "dark" : "light");
  set({ theme: now === "dark" ? "light" : "dark" });
}

function showNear(): void {
  set({ view: "model", near: !(settings.near.value && settings.view.value === "model") });
}

type KeyRow = readonly [string, string, string, () => unknown, Partial<Key>?];

const DESK_KEYS: readonly KeyRow[] = [
  ["Go to", "[", "Newer issue", () => stepIssue(-1)],
  ["Go to", "]", "Older issue", () => stepIssue(1)],
  ["Edit", "e", "Subject, or chosen sentence", editChosen],
  ["Edit", "h", "Hide the story", async () => hideStory()],
  ["Edit", "j", "Move the story down", async () => moveStory(1), SHIFT],
  ["Edit", "k", "Move the story up", async () => moveStory(-1), SHIFT],
  [
    "Edit",
    "ArrowDown",
    "Move the story down",
    async () => moveFocused(1),
    { alt: true, shown: "Alt ↓" },
  ],
  [
    "Edit",
    "ArrowUp",
    "Move the story up",
    async () => moveFocused(-1),
    { alt: true, shown: "Alt ↑" },
  ],
  ["Edit", "+", "Join two that may be the same", async () => decidePair("join")],
  ["Edit", "-", "Part two that may be the same", async () => decidePair("part")],
  ["Edit", "a", "Add a story", openAddStory],
  ["Edit", "u", "Undo", async () => takeBack("undo"), PLAIN],
  ["Edit", "u", "Redo", async () => takeBack("redo"), SHIFT],
  ["Edit", "m", "Send me a test", () => (dialog.value = "test")],
];

const ROWS: readonly KeyRow[] = [
  ...VIEWS.map(({ key, name, title }): KeyRow => ["Views", key, title, () => set({ view: name })]),
  ["Frames", "p", "Phone", () => set({ show: "phone" })],
  ["Frames", "d", "Desktop", () => set({ show: "desktop" })],
  ["Frames", "b", "Both", () => set({ show: "both" })],
  ["Frames", "o", "Alone, without the columns", () => set({ alone: !settings.alone.value })],
  ["Frames", "i", "The inbox of another program", nextProgram],
  ...(IS_DESK ? DESK_KEYS : []),
  ["Go to", "j", "Next story", () => stepStory(1), PLAIN],
  ["Go to", "k", "Previous story", () => stepStory(-1), PLAIN],
  ["Go to", "n", "Next finding", () => stepFinding(1), PLAIN],
  ["Go to", "n", "Previous finding", () => stepFinding(-1), SHIFT],
  ["Go to", ".", "Next sentence of the model", () => stepPoint(1)],
  ["Go to", ",", "Previous sentence", () => stepPoint(-1)],
  ["Go to", "x", "Sentences that were left out", showNear],
  ["Go to", "w", "Why the story is here", goToWhyHere],
  ["Go to", "/", "Filter", goToField],
  ["Page", "t", "Light or dark", otherTheme],
  ["Page", "r", "Rebuild or reload", rebuild],
  ["Page", "?", "Keys", () => (dialog.value = "keys")],
  ["Page", "Escape", "Back", back, { shown: "Esc" }],
];

/** Binds all keyboard shortcuts of the page. */
export function bindKeys(): void {
  for (const [group, key, does, run, more] of ROWS) KEYS.push({ group, key, does, run, ...more });
}
