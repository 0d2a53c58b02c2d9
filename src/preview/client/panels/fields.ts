import type { Signal } from "@preact/signals";
import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { withValue } from "./controls.ts";
import words from "./look.json" with { type: "json" };

interface FieldProps {
  /** The name is unique in the page, so that tests find the field. */
  readonly name: string;
  readonly label: ComponentChildren;
  readonly value: string;
  /** Called on each keystroke. */
  readonly oninput?: (value: string) => unknown;
  /** Called when the change is complete. */
  readonly onchange?: (value: string) => unknown;
  /** The error for the value; otherwise `found` shows a result. */
  readonly error?: string | undefined;
  readonly found?: ComponentChildren;
  readonly isReadOnly?: boolean | undefined;
  /** The type of an input, "text" by default. */
  readonly type?: string;
  /** The options of a menu. The first is the default. */
  readonly choices?: readonly (readonly [value: string, title: string, ...unknown[]])[] | undefined;
  readonly rows?: number;
  readonly placeholder?: string;
  readonly autofocus?: boolean;
}

/** A field with its label. The error for its value is below. */
export function Field({ name, label, error, found, ...field }: FieldProps) {
  const said = `said-${name}`;
  const [id, isWrong] = [`field-${name}`, Boolean(error)];
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <${Input} ...${field} name=${name} id=${id} said=${said} isWrong=${isWrong} />
    <p id=${said} class=${isWrong ? "word error" : "muted"} role=${isWrong ? "alert" : undefined}>${error || found}</p>
  </div>`;
}

/** Returns a function that makes fields and keeps their text in a signal. `prefix` begins the names by which tests find them. */
export function draftFields(drafts: Signal<Readonly<Record<string, string>>>, prefix = "") {
  return (name: string, label: string, more: Partial<FieldProps> = {}) => {
    const write = (text: string) => (drafts.value = { ...drafts.value, [name]: text });
    const value = drafts.value[name] ?? more.value ?? "";
    return html`<${Field} ...${more} name=${prefix + name} label=${label} value=${value} oninput=${write} />`;
  };
}

interface InputProps extends Omit<FieldProps, "label" | "error" | "found"> {
  readonly id: string;
  readonly said: string;
  readonly isWrong: boolean;
}

const NOTHING = () => undefined;

function Input({ name, value, choices, rows, isReadOnly = false, ...field }: InputProps) {
  const { id, said, isWrong, type = "text", placeholder, autofocus } = field;
  const { oninput = NOTHING, onchange = NOTHING } = field;
  const same = {
    id,
    "data-key": name,
    "aria-describedby": said,
    "aria-invalid": isWrong ? "true" : undefined,
    oninput: withValue(oninput),
    onchange: withValue(onchange),
  };
  if (choices)
    return html`<select ...${same} disabled=${isReadOnly}>
      ${choices.map(([one, title]) => html`<option value=${one} selected=${one === value}>${title}</option>`)}
    </select>`;
  const written = { ...same, value, placeholder, autofocus, readonly: isReadOnly, dir: "auto" };
  if (rows !== undefined) return html`<textarea ...${written} rows=${rows}></textarea>`;
  return html`<input ...${written} type=${type} autocomplete="off" />`;
}

interface CheckProps {
  readonly name: string;
  readonly label: ComponentChildren;
  readonly isOn: boolean;
  readonly isReadOnly?: boolean | undefined;
  readonly onchange: (isOn: boolean) => unknown;
}

/** A checkbox. Until a change is saved, it shows the editor's choice, even if the form is rendered again. */
export function Check({ name, label, isOn, isReadOnly = false, onchange }: CheckProps) {
  const [chosen, choose] = useState<boolean>();
  const toggle = async ({ currentTarget: box }: Event) => {
    if (!(box instanceof HTMLInputElement)) return;
    choose(box.checked);
    await onchange(box.checked);
    choose(undefined);
  };
  return html`<label class="check">
    <input type="checkbox" data-key=${name} checked=${chosen ?? isOn} disabled=${isReadOnly} onchange=${toggle} />
    <span>${label}</span>
  </label>`;
}

interface SwatchesProps {
  readonly value: string;
  readonly choose: (colour: string) => unknown;
  readonly isReadOnly?: boolean;
}

export function Swatches({ value, choose, isReadOnly = false }: SwatchesProps) {
  return html`<div class="swatches" role="group" aria-label="Colours">
    ${words.colours.map(
      ([colour = "", title = ""]) => html`<button
        type="button"
        data-key=${`colour-${title}`}
        aria-label=${title}
        aria-pressed=${String(colour === value.toUpperCase())}
        disabled=${isReadOnly}
        onclick=${() => choose(colour)}
      ><svg viewBox="0 0 1 1" aria-hidden="true"><rect width="1" height="1" fill=${colour} /></svg></button>`,
    )}
  </div>`;
}
