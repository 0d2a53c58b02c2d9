import { stripVTControlCharacters } from "node:util";
import type { Reporter, TestCase, TestModule } from "vitest/node";

/**
 * Names the tests that passed only at a second try, with what failed at the first one. Each depends on a race, and is to be
 * mended: the second try keeps one of them from hiding what the others found.
 */
export default class SecondTries implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap((module) =>
      [...module.children.allTests()]
        .filter((test) => test.diagnostic()?.flaky)
        .map((test) => `  ${module.relativeModuleId} > ${test.fullName}\n${failureOf(test)}`),
    );
    if (lines.length > 0) console.log(["\nPassed only at a second try:", ...lines, ""].join("\n"));
  }
}

function failureOf(test: TestCase): string {
  const failures = (test.result().errors ?? []).map(({ message, diff = "" }) =>
    stripVTControlCharacters(`${message}\n${diff}`),
  );
  return failures.join("\n").trimEnd().replace(/^/gm, "    ");
}
