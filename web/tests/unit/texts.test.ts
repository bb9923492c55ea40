import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse, type RootNode, type TemplateChildNode } from "@vue/compiler-dom";
import { describe, expect, it } from "vitest";

import en from "../../src/shared/i18n/en";
import zh from "../../src/shared/i18n/zh";

const source = new URL("../../src/", import.meta.url).pathname;
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => /\.(vue|ts)$/.test(name) && !/\.test\.ts$|schema\.d\.ts$|i18n/.test(name));
const read = (name: string) => readFileSync(join(source, name), "utf8");

function leaves(of: object, before = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(of)) {
    if (typeof value === "string") found.set(before + key, value);
    else for (const [inner, text] of leaves(value as object, `${before}${key}.`)) found.set(inner, text);
  }
  return found;
}
const [chinese, english] = [leaves(zh), leaves(en)];

// Protects both languages: every text is in both, with the same figures in it, and none stands in a screen itself.
describe("texts", () => {
  it("are in both languages, with the same parameters", () => {
    expect([...english.keys()]).toEqual([...chinese.keys()]);
    const parameters = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
    for (const [key, text] of chinese) expect(parameters(english.get(key)!), key).toEqual(parameters(text));
    for (const [key, text] of english) expect(/[\u4e00-\u9fff]/.test(text), `${key} is Chinese in English`).toBe(false);
  });

  it("that are asked for are there", () => {
    const missing: string[] = [];
    for (const name of files)
      for (const [, , key, template] of read(name).matchAll(/\b(\$t|t|te)\(\s*(?:"([\w.]+)"|`([\w.]+)\.\$\{)/g)) {
        if (key !== undefined && !chinese.has(key)) missing.push(`${name}: ${key}`);
        if (template !== undefined && ![...chinese.keys()].some((one) => one.startsWith(`${template}.`))) missing.push(`${name}: ${template}.*`);
      }
    expect(missing).toEqual([]);
  });

  it("are asked for", () => {
    const all = files.map(read).join("\n");
    const unused = [...chinese.keys()].filter((key) => !all.includes(`"${key}"`) && !all.includes(`'${key}'`) && ![...all.matchAll(/`([\w.]+)\.\$\{/g)].some(([, template]) => key.startsWith(`${template}.`)));
    // Some are chosen by an expression within the call.
    const chosen = unused.filter((key) => !all.includes(key));
    expect(chosen).toEqual([]);
  });

  it("name every act of the audit trail", () => {
    const trail = readFileSync(new URL("../../../crates/archive/src/trail.rs", import.meta.url), "utf8");
    const acts = [.../pub const ACTS: &\[&str\] = &\[([^\]]*)\]/.exec(trail)![1]!.matchAll(/"(\w+)"/g)].map(([, act]) => act!);
    expect(Object.keys(zh.audit).sort()).toEqual(acts.sort());
  });

  it("never stand in a template themselves", () => {
    const raw: string[] = [];
    const look = (name: string, node: RootNode | TemplateChildNode) => {
      if (node.type === 2 && /[\p{L}]{2,}/u.test(node.content)) {
        const text = node.content.trim();
        // Names of languages stand in themselves; units and keys are the same in both.
        if (!["中文", "English", "Bayan", "Esc"].includes(text)) raw.push(`${name}: ${text}`);
      }
      if ("children" in node) for (const child of node.children) if (typeof child === "object") look(name, child as TemplateChildNode);
    };
    for (const name of files.filter((one) => one.endsWith(".vue"))) {
      const template = /<template>([\s\S]*)<\/template>/.exec(read(name))?.[1] ?? "";
      look(name, parse(template));
      for (const [, attribute, text] of template.matchAll(/\s(aria-label|title|placeholder|alt)="([^"]*\p{L}{2,}[^"]*)"/gu)) raw.push(`${name}: ${attribute}="${text}"`);
    }
    expect(raw).toEqual([]);
  });
});
