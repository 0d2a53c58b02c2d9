import type { Bare } from "./bare.ts";

const DIGITS = new Map(Array.from("〇一二三四五六七八九", (sign, value) => [sign, value] as const));
const SCALES = new Map([
  ["十", 10],
  ["百", 100],
  ["千", 1000],
  ["천", 1000],
  ["万", 1e4],
  ["萬", 1e4],
  ["만", 1e4],
  ["亿", 1e8],
  ["億", 1e8],
  ["억", 1e8],
  ["兆", 1e12],
  ["조", 1e12],
]);

/** What 万 and its like multiply figures by. */
export function scaleOfSign(sign: string | undefined): number | undefined {
  return SCALES.get(sign ?? "");
}

/** A single sign is a number only before what it counts: 三人, but not 三国; 十分 is "enough". */
const NUMBER =
  /[二三四五六七八九两两兩百千十][〇零一二三四五六七八九十百千万萬亿億兆]+|[二三四五六七八九十两兩](?=[人名个個件年月日歳岁次回位家所台本枚倍円元割%])/gu;

/** The numbers that a Chinese or Japanese text writes in words. */
export function kanjiNumbersIn(plain: string): readonly Bare[] {
  return [...plain.matchAll(NUMBER)].flatMap(({ 0: signs, index }) => {
    // 千万, "by all means", has no digit.
    if (signs.length > 1 && !/[一二三四五六七八九两兩]/u.test(signs)) return [];
    return [{ start: index, end: index + signs.length, values: [valueOf(signs)], scale: 1 }];
  });
}

function valueOf(signs: string): number {
  const plain = signs.replace(/[两兩]/gu, "二").replaceAll("零", "〇");
  if (!/[十百千万萬亿億兆]/u.test(plain))
    return Number(Array.from(plain, (sign) => DIGITS.get(sign) ?? 0).join(""));
  let total = 0;
  let below = 0;
  let digit: number | undefined;
  for (const sign of plain) {
    const scale = SCALES.get(sign);
    if (scale === undefined) digit = DIGITS.get(sign) ?? 0;
    else if (scale < 1e4) [below, digit] = [below + (digit ?? 1) * scale, undefined];
    else [total, below, digit] = [total + (below + (digit ?? 0)) * scale, 0, undefined];
  }
  return total + below + (digit ?? 0);
}
