/** What was measured, beside its limit; each part has a section of its own in docs/figures.md and writes only that. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";

const PLACE = new URL("../../../docs/figures.md", import.meta.url);
const HEAD = `# The app's figures

Written by \`make figures\`, each part by \`make figures PART=name\`; do not edit. The real program runs on a fresh folder and port, and Debian's Chromium
shows the app. Counts and bytes are the same everywhere; times are of the machine that is named, with whatever else ran on it. A figure
beyond its limit says SHORT.
`;
const ORDER = ["bundle", "lighthouse", "thread", "list", "memory"];

interface Line {
  what: string;
  figure: string;
  limit: string;
  holds: boolean | undefined;
}

/** How many decimals a figure shows. */
function shown(value: number, unit: string): string {
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${unit ? ` ${unit}` : ""}`;
}

export class Report {
  private readonly lines: Line[] = [];
  private readonly notes: string[] = [];
  private readonly loadBefore = loadavg()[0]!;

  constructor(private readonly part: string) {}

  private add(line: Line): void {
    this.lines.push(line);
    console.log(`${line.what}: ${line.figure}${line.limit ? `, wanted ${line.limit}: ${line.holds ? "ok" : "SHORT"}` : ""}`);
  }

  atMost(what: string, value: number, limit: number, unit = ""): void {
    this.add({ what, figure: shown(value, unit), limit: `≤ ${shown(limit, unit)}`, holds: value <= limit });
  }

  atLeast(what: string, value: number, limit: number, unit = ""): void {
    this.add({ what, figure: shown(value, unit), limit: `≥ ${shown(limit, unit)}`, holds: value >= limit });
  }

  says(what: string, value: number | string, unit = ""): void {
    this.add({ what, figure: typeof value === "string" ? value : shown(value, unit), limit: "", holds: undefined });
  }

  note(text: string): void {
    this.notes.push(text);
    console.log(`- ${text}`);
  }

  /** What is beyond its limit. */
  private get short(): string[] {
    return this.lines.filter((one) => one.holds === false).map((one) => one.what);
  }

  /** Writes the section of this part; the others stay as they were measured. Throws where something is beyond its limit. */
  write(): void {
    const build = (process.env.BAYAN ?? "").includes("/release/") ? "release" : "debug";
    const section = [
      `## ${this.part}`,
      "",
      `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC · ${cpus().length} × ${cpus()[0]?.model ?? "processor"}, ${Math.round(totalmem() / 2 ** 30)} GB · Node ${process.versions.node} · ${build} build of the program · ${this.loadBefore.toFixed(1)} processes wanted a core in the minute before, ${loadavg()[0]!.toFixed(1)} in the last minute`,
      "",
      "| what | figure | limit |  |",
      "| --- | --- | --- | --- |",
      ...this.lines.map((one) => `| ${one.what} | ${one.figure} | ${one.limit} | ${one.holds === undefined ? "" : one.holds ? "ok" : "SHORT"} |`),
      ...(this.notes.length ? ["", ...this.notes.map((one) => `- ${one}`)] : []),
    ].join("\n");
    const text = existsSync(PLACE) ? readFileSync(PLACE, "utf8") : "";
    const sections = new Map(text.split(/^(?=## )/m).filter((one) => one.startsWith("## ")).map((one) => [/^## (.*)/.exec(one)![1]!, one.trimEnd()]));
    sections.set(this.part, section);
    const ordered = ORDER.flatMap((name) => sections.get(name) ?? []);
    writeFileSync(PLACE, `${[HEAD.trimEnd(), ...ordered].join("\n\n")}\n`);
    if (this.short.length > 0) throw new Error(`short of its limit: ${this.short.join("; ")}`);
  }
}

/** The share of values that are at most the answer. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? 0;
}
