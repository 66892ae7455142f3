// Imports go one way: contracts ← core ← {integrators, store, outbound} ← {admin, engine} ← {http, cli} ← app ← main.
const settings = "config\\.ts";
const pure = ["contracts/", "core/"];
const doers = [...pure, "integrators/", "store/", "outbound/"];
const mayImport = {
  contracts: [],
  core: ["contracts/"],
  integrators: pure,
  store: pure,
  outbound: pure,
  admin: doers,
  engine: doers,
  http: [...doers, "admin/", "engine/", settings],
  cli: [...doers, "admin/", "engine/", settings],
};

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "pure-has-no-builtin",
      severity: "error",
      from: { path: "^src/(contracts|core|integrators)/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "web-sees-only-contracts",
      severity: "error",
      from: { path: "^web/src/" },
      to: { path: "^src/", pathNot: "^src/contracts/" },
    },
    {
      name: "config-imports-nothing",
      severity: "error",
      from: { path: `^src/${settings}$` },
      to: { path: "^src/" },
    },
    {
      name: "product-never-imports-tests",
      severity: "error",
      from: { path: "^(src|web/src)/" },
      to: { path: "^(test|bench)/" },
    },
    ...Object.entries(mayImport).map(([layer, allowed]) => ({
      name: `${layer}-imports-one-way`,
      severity: "error",
      from: { path: `^src/${layer}/` },
      to: { path: "^src/", pathNot: `^src/(${[`${layer}/`, ...allowed].join("|")})` },
    })),
  ],
  options: {
    // without swc, TypeScript 7 can't be read and nothing at all is checked ("0 modules")
    parser: "swc",
    // tests may import anything, and this parser doesn't know their `using`
    exclude: { path: "\\.test\\.tsx?$" },
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
