import type { Reporter, TestModule } from "vitest/node";

/**
 * Names the tests that passed only at a second try. Each depends on a race, and is to be mended: the second
 * try keeps one of them from hiding what the others found.
 */
export default class SecondTries implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = modules.flatMap((module) =>
      [...module.children.allTests()]
        .filter((test) => test.diagnostic()?.flaky)
        .map((test) => `  ${module.relativeModuleId} > ${test.fullName}`),
    );
    if (names.length > 0) console.log(["\nPassed only at a second try:", ...names, ""].join("\n"));
  }
}
