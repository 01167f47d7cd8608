// A page's code blocks, and whether its links and lines are sound.
import { readFileSync, existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * The blocks of a page, in order: `language` and `file` as after the fence, `text`, the `line` it begins in, `byCI` if a round of
 * .ci/run plays it, `exempt` with the reason if nothing does, and `output` if the next block is what running it prints.
 */
export function readBlocks(path) {
  const blocks = [];
  let block, fence, remark = "", adjacent = false;
  readFileSync(path, "utf8").split("\n").forEach((line, index) => {
    if (block && line.trim() === fence) {
      const before = blocks.at(-1);
      const isOutput = ["", "text"].includes(block.language) && !block.file && adjacent && isRun(before) && before.output === undefined;
      if (isOutput) before.output = block.text;
      else blocks.push(block);
      block = undefined;
      remark = "";
      adjacent = true;
    } else if (block) {
      block.text += `${line}\n`;
    } else if (/^ {0,3}```/.test(line)) {
      fence = "```";
      const [language = "", file] = line.trim().slice(3).split(" ");
      block = { language, file, text: "", line: index + 1, byCI: remark === "run by .ci/run", exempt: /^not run: (.+)/.exec(remark)?.[1] };
    } else if (line.trim() !== "") {
      remark = /^<!-- (.*) -->$/.exec(line.trim())?.[1] ?? "";
      adjacent = false;
    }
  });
  if (block) throw new Error(`${path}:${block.line}: the block does not end`);
  return blocks;
}

/** Whether a block is fed to psql or to a shell. */
export const isRun = (block) => block !== undefined && ["sql", "sh"].includes(block.language) && !block.file;

/** Whether a block is a program, or what a program reads: it has to name its file. */
export const isFile = (block) => !isRun(block) && !["", "text"].includes(block.language);

/** What is wrong with the lines and the links of a page. */
export function faultsOf(path, top) {
  const faults = [];
  const text = readFileSync(path, "utf8");
  let fenced = false, before = "";
  text.split("\n").forEach((line, index) => {
    const place = `${relative(top, path)}:${index + 1}`;
    if (line.trim().startsWith("```")) fenced = !fenced;
    if ([...line].length > 119 && !line.startsWith("|")) faults.push(`${place}: longer than 119 columns`);
    if (!fenced && before.trim() === "" && /^ {4}\S/.test(line) && !/^ {4,}(- |[0-9]+\. )/.test(line)) faults.push(`${place}: code without a fence`);
    if (!fenced) before = line;
  });
  for (const [, target] of text.replace(/^```[^]*?^```/gm, "").matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [file, anchor] = target.split("#");
    const page = file ? join(dirname(path), file) : path;
    if (!existsSync(page)) faults.push(`${relative(top, path)}: there is no ${target}`);
    else if (anchor && !anchorsOf(page).includes(anchor)) faults.push(`${relative(top, path)}: there is no heading ${target}`);
  }
  return faults;
}

/** The anchors that GitHub makes of a page's headings. */
const anchorsOf = (path) =>
  [...readFileSync(path, "utf8").replace(/^```[^]*?^```/gm, "").matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/ /g, "-"));

/**
 * Whether a program printed what a page shows. Trailing blanks, empty lines and psql's count of rows do not matter; … stands for
 * anything in a line, and a line of it alone for any lines.
 */
export function matches(shown, printed) {
  const lines = (text) => text.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "" && !/^\([1-9][0-9]* rows?\)$/.test(line));
  const pattern = lines(shown).map((line) => (line.trim() === "…" ? "(?:.*\n)*?" : `${line.split("…").map(escape).join(".*")}\n`)).join("");
  return new RegExp(`^${pattern}$`).test(lines(printed).map((line) => `${line}\n`).join(""));
}

const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
