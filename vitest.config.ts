import { defineConfig } from "vitest/config";

const usual = {
  experimental: { viteModuleRunner: false },
  // generous: a bound for what hangs, not a measure; two cores may be busy with other things
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

// `--mode long` (npm run faults): the faults in their long form, see test/faults/form.ts
export default defineConfig(({ mode }) => ({
  test: {
    reporters: ["default", "./test/count-reporter.ts"],
    // two cores are shared with PostgreSQL and, in some files, with a browser
    maxWorkers: 2,
    projects: [
      { test: { ...usual, name: "unit", include: ["src/**/*.test.ts", "web/src/**/*.test.ts"] } },
      {
        test: {
          ...usual,
          name: "db",
          include: ["test/**/*.test.ts"],
          exclude: ["test/browser/**", "test/faults/**", "test/ground/**"],
          env: { FUZZ: mode },
          globalSetup: "./test/global-setup.ts",
        },
      },
      {
        test: {
          ...usual,
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: "./test/global-setup.ts",
          testTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // they start whole servers, many at once, and mostly wait for them
        test: {
          ...usual,
          name: "ground",
          include: ["test/ground/**/*.test.ts"],
          globalSetup: "./test/global-setup.ts",
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
          maxWorkers: 3,
        },
      },
      {
        // they kill servers, their own, and mostly wait for leases to end
        test: {
          ...usual,
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          env: { FAULTS: mode },
          testTimeout: mode === "long" ? 3_600_000 : 300_000,
          sequence: { groupOrder: 2 },
          maxWorkers: 3,
        },
      },
    ],
  },
}));
