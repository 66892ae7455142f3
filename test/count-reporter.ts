import type { Reporter, TestModule } from "vitest/node";

/** Closes the run with the line that scripts read: `N passed, N failed`. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: string): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      if (module.errors().length > 0) count.failed++; // a file that did not load ran no test
    }
    if (reason !== "passed" && count.failed === 0) count.failed = 1; // a set-up that threw reports nothing
    const skipped = count.skipped === 0 ? "" : `${count.skipped} skipped: a test that isn't run proves nothing\n`;
    console.log(`${skipped}${count.passed} passed, ${count.failed} failed`);
  }
}
