import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkout, runPatchbay, startPatchbay } from "../patchbay-process.ts";
import { copyCheckout, folderOfUser, isRoot, nobody, temporaryFolder, userCanRead } from "./places.ts";

const folder = temporaryFolder();
const inFolder = (name: string) => ({ environment: { PATCHBAY_DATA: join(folder, name) } });
const readable = (): string =>
  userCanRead(checkout) ? checkout : copyCheckout(join(folder, "for-user"), { wholeModules: true });

const ownerOf = (name: string): number => statSync(join(folder, name, "postgres")).uid;
const foreignFiles = (name: string): string =>
  spawnSync("find", [join(folder, name, "postgres"), "!", "-uid", String(ownerOf(name))], { encoding: "utf8" }).stdout;
const lineOf = (name: string, file = "/etc/passwd"): string[] =>
  readFileSync(file, "utf8").split("\n").filter((line) => line.startsWith(`${name}:`)); // prettier-ignore
const uidOf = (name: string, file = "/etc/passwd"): number => Number(lineOf(name, file)[0]?.split(":")[2]);

const canUnshare = isRoot && spawnSync("unshare", ["-m", "true"]).status === 0;

/**
 * A Node that sees an /etc of its own, without the user patchbay, and what `more` (shell) does besides; the machine's own
 * stays as it is. `passwd` is that /etc's.
 */
function elsewhere(name: string, more = ""): { readonly node: string; readonly passwd: string } {
  const [etc, node] = [join(folder, `${name}-etc`), join(folder, `${name}-node`)];
  const setUp = `mount --bind ${etc} /etc${more && ` && ${more}`}`;
  spawnSync("cp", ["-a", "/etc", etc]);
  for (const file of ["passwd", "group", "shadow", "gshadow"])
    if (existsSync(join(etc, file))) spawnSync("sed", ["-i", "/^patchbay:/d", join(etc, file)]);
  writeFileSync(node, `#!/bin/sh\nexec unshare -m sh -c '${setUp} && exec ${process.execPath} "$@"' sh "$@"\n`);
  chmodSync(node, 0o755);
  return { node, passwd: join(etc, "passwd") };
}
const withoutPrograms = ["useradd", "adduser"]
  .map((program) => spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).stdout.trim())
  .filter((path) => path !== "")
  .map((path) => `mount --bind /dev/null ${path}`)
  .join(" && ");

describe.runIf(canUnshare)("on a machine that has no user patchbay, root's PostgreSQL", () => {
  test("runs as one that is made, without home, shell or password, and that is said", async () => {
    const { node, passwd } = elsewhere("made");
    await using patchbay = await startPatchbay({ ...inFolder("made"), node });
    expect(patchbay.printed()).toContain("PostgreSQL runs as: user patchbay, made just now");
    expect(lineOf("patchbay", passwd)).toEqual([
      expect.stringMatching(/^patchbay:x:[1-9]\d*:[1-9]\d*:[^:]*:\/nonexistent:\/usr\/sbin\/nologin$/),
    ]);
    expect(ownerOf("made")).toBe(uidOf("patchbay", passwd));
    await using second = await startPatchbay({ ...inFolder("made"), node });
    expect(second.printed()).toMatch(/PostgreSQL runs as: user patchbay$/m);
  });

  test("is given one user by two starts at once", async () => {
    const { node, passwd } = elsewhere("twice");
    const both = await Promise.all(
      ["twice-1", "twice-2"].map((name) => runPatchbay(["migrate"], { ...inFolder(name), node })),
    );
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(lineOf("patchbay", passwd)).toHaveLength(1);
    expect([ownerOf("twice-1"), ownerOf("twice-2")]).toEqual([uidOf("patchbay", passwd), uidOf("patchbay", passwd)]);
  });

  test.each([
    ["whose /etc is read-only", "mount -o remount,bind,ro /etc", /user nobody: user patchbay can't be made: \S/],
    ["that has no program to make users", withoutPrograms, /user nobody: .*neither useradd nor adduser$/m],
  ])("%s: runs as nobody, and it is said why", async (words, more, said) => {
    const name = words.replaceAll(/\W/g, "-");
    await using patchbay = await startPatchbay({ ...inFolder(name), node: elsewhere(name, more).node });
    expect(patchbay.printed()).toMatch(said);
    expect(ownerOf(name)).toBe(nobody.uid);
  });
});

describe.runIf(isRoot)("a database that is there already", () => {
  test("of user nobody, as it was made before there was one of its own, is taken over, whole", async () => {
    const data = join(folderOfUser(folder, "nobodys"), "data");
    const asNobody = { user: nobody, checkout: readable(), environment: { PATCHBAY_DATA: data } };
    expect(await runPatchbay(["migrate"], asNobody)).toMatchObject({ code: 0 });
    expect(ownerOf("nobodys/data")).toBe(nobody.uid);
    const before = "was user nobody's; it is user patchbay's now.";
    await using patchbay = await startPatchbay(inFolder("nobodys/data"));
    expect(patchbay.printed()).toContain(before);
    expect(patchbay.printed()).toContain("PostgreSQL runs as: user patchbay");
    expect(ownerOf("nobodys/data")).toBe(uidOf("patchbay"));
    expect(foreignFiles("nobodys/data")).toBe("");
    expect((await fetch(`${patchbay.url}/readyz`)).status).toBe(200);
  });

  test("is not taken over while a server runs on it", async () => {
    const data = join(folderOfUser(folder, "running"), "data");
    const theirs = await startPatchbay({ user: nobody, checkout: readable(), environment: { PATCHBAY_DATA: data } });
    const beside = await startPatchbay(inFolder("running/data"));
    expect(beside.printed()).toContain("PostgreSQL runs as: user nobody until it is next stopped, then user patchbay");
    expect([ownerOf("running/data"), foreignFiles("running/data")]).toEqual([nobody.uid, ""]);
    for (const { url } of [theirs, beside]) expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await theirs.end();
    await beside.end();
    expect(await runPatchbay(["migrate"], inFolder("running/data"))).toMatchObject({ code: 0 });
    expect(ownerOf("running/data")).toBe(uidOf("patchbay"));
  });

  test("whose taking over was cut short, or whose user is no more, is taken over whole at the next start", async () => {
    await runPatchbay(["migrate"], inFolder("cut"));
    const home = join(folder, "cut/postgres");
    spawnSync("chown", ["-R", "64999:64999", home]); // nobody's name, as in another container
    for (const done of ["cluster", "cluster/base"]) chownSync(join(home, done), uidOf("patchbay"), nobody.gid);
    expect(await runPatchbay(["migrate"], inFolder("cut"))).toMatchObject({
      code: 0,
      err: expect.stringContaining("was user 64999's; it is user patchbay's now."),
    });
    expect([ownerOf("cut"), foreignFiles("cut")]).toEqual([uidOf("patchbay"), ""]);
  });

  test("of a person's own user stays theirs", async () => {
    const [name = "", , uid = "", gid = ""] =
      readFileSync("/etc/passwd", "utf8")
        .split("\n")
        .map((line) => line.split(":"))
        .find(([user, , id]) => user !== "patchbay" && user !== "nobody" && id !== "0") ?? [];
    const theirs = join(folder, "theirs");
    mkdirSync(theirs);
    chownSync(theirs, Number(uid), Number(gid));
    const asThem = { user: { uid: Number(uid), gid: Number(gid) }, checkout: readable(), ...inFolder("theirs/data") };
    expect(await runPatchbay(["migrate"], asThem)).toMatchObject({ code: 0, err: "" });
    await using patchbay = await startPatchbay(inFolder("theirs/data"));
    expect(patchbay.printed()).toContain(`PostgreSQL runs as: user ${name}`);
    expect(ownerOf("theirs/data")).toBe(Number(uid));
  });
});
