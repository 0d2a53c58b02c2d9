import * as fc from "fast-check";

/**
 * Text of any code points, halves of pairs among them. The unit "binary" of fast-check is the same, and begins with
 * a table of all code points, which takes each worker more than a second.
 */
export function anyText(maxLength?: number): fc.Arbitrary<string> {
  const codePoint = fc.integer({ min: 0, max: 0x10ffff });
  const constraints = maxLength === undefined ? {} : { maxLength };
  return fc.array(codePoint, constraints).map((points) => String.fromCodePoint(...points));
}
