import { PAGE_TOKENS } from "../page-tokens.ts";

/** The look of the model view of the preview page. */
export const EXPLAIN_STYLE = `${PAGE_TOKENS}* { box-sizing: border-box; margin: 0; padding: 0; }
body { background: var(--paper); color: var(--ink2); font: 16px/26px var(--serif); }
main { display: grid; max-width: 1120px; margin: 0 auto; padding: 0 20px; }
main + main { border-top: 1px solid var(--rule); }
section { min-width: 0; padding: 28px 0 40px; overflow-wrap: break-word; }
h1, h2 { color: var(--ink); font: 700 24px/28px var(--serif); letter-spacing: -0.3px; text-wrap: balance; }
[dir="rtl"] h1 { letter-spacing: 0; }
.muted { color: var(--muted); font: 14px/20px var(--sans); }
h1 + .muted, h2 + .muted { padding-top: 4px; }
.original h1, .original > .muted { padding-inline-start: 36px; }
.paragraph { display: flex; padding-top: 12px; }
.paragraph p { min-width: 0; white-space: pre-line; }
.number { flex: none; width: 36px; padding-inline-end: 14px; color: var(--muted); font: 14px/26px var(--sans); text-align: end; }
mark { padding: 1px 0; background: var(--tint); color: var(--ink); }
mark:target { border-bottom: 2px solid var(--accent); }
sup { padding-inline: 2px; font: 700 12px/1 var(--serif); }
a { color: var(--accent); text-decoration: none; }
a:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.near { border-bottom: 2px dotted var(--muted); }
.why { border-top: 1px solid var(--rule); }
.why ol { list-style: none; padding-top: 12px; }
.why ol + h2 { margin-top: 28px; padding-top: 12px; border-top: 1px solid var(--rule); }
.why li { display: flex; padding: 12px 0; }
.why li + li { border-top: 1px solid var(--hair); }
.why li:target { background: var(--tint); }
.why li > div { flex: 1; min-width: 0; }
.sign { flex: none; width: 28px; font-weight: 700; }
.sentence { color: var(--ink); }
.note { color: var(--ink2); font: 14px/20px var(--sans); }
.why > .note { padding-top: 12px; }
dl { padding-top: 8px; font: 14px/20px var(--sans); }
.reason { display: flex; gap: 12px; align-items: baseline; padding: 2px 0; }
dt { flex: 1; min-width: 0; }
dd { display: flex; flex: none; gap: 8px; align-items: center; }
.bar { width: 72px; }
.bar > span { display: block; height: 6px; background: var(--ink2); }
.bar.against > span { background: none; border: 1px solid var(--muted); }
.figure { width: 44px; color: var(--muted); text-align: end; font-variant-numeric: tabular-nums; }
@media (min-width: 860px) {
  main { grid-template-columns: minmax(0, 1.2fr) minmax(0, 1fr); padding: 0 40px; }
  .original { padding-inline-end: 40px; }
  .why { padding-inline-start: 32px; border-top: 0; border-inline-start: 1px solid var(--hair); }
}
`;
