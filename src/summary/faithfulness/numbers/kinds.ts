import type { Bare } from "./bare.ts";

const PERCENT_AFTER =
  /^ ?(?:%|per ?cent|prozent|pour ?cent|por ?ciento|per ?cento|por ?cento|procent|процент|パーセント|퍼센트|٪)/iu;
/** 百分之四十 */
const PERCENT_BEFORE = /百分之$/u;

/** A currency's sign, and how the languages begin its word. */
const CURRENCIES: readonly (readonly [sign: string, words: string])[] = [
  ["$", "d[oó]l+ar|usd|ドル|달러|美元|доллар|دولار"],
  ["€", "euro|eur|евро|ユーロ|유로|欧元"],
  ["£", "pound|pfund|livre|libra|sterlin|pond|gbp|ポンド|파운드|英镑|фунт"],
  ["¥", "yen|yuan|jpy|cny|rmb|renminbi|円|元|엔|위안|иен|юан"],
  ["₹", "rupee|rupie|roupie|rupia|inr|रुपये"],
  ["₩", "won(?!\\p{L})|원"],
  ["₽", "r[ou]+bl|rubel|рубл"],
  ["₺", "lira|tl(?!\\p{L})"],
];

const SIGN_BEFORE = /([$€£¥₹₩₽₺]) ?$/u;
const CODE_BEFORE = /(?<!\p{L})(USD|EUR|GBP|JPY|CNY|INR) $/u;
const AFTER = CURRENCIES.map(
  ([sign, words]) =>
    [sign, new RegExp(`^ ?(?:\\p{L}{2,12} )?(?:[${sign}]|${words})`, "iu")] as const,
);

/** "percent", a currency's sign, or "plain". */
export function kindOf({ start, end }: Bare, plain: string): string {
  const after = plain.slice(end, end + 24);
  const before = plain.slice(Math.max(0, start - 8), start);
  if (PERCENT_AFTER.test(after) || PERCENT_BEFORE.test(before)) return "percent";
  const code = CODE_BEFORE.exec(before)?.[1];
  const sign =
    SIGN_BEFORE.exec(before)?.[1] ?? (code && AFTER.find(([, pattern]) => pattern.test(code))?.[0]);
  return sign ?? AFTER.find(([, pattern]) => pattern.test(after))?.[0] ?? "plain";
}

/** Whether money's sign stands right before a place. */
export function isMoneyBefore(plain: string, at: number): boolean {
  return SIGN_BEFORE.test(plain.slice(Math.max(0, at - 2), at));
}
