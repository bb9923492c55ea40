import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse, type RootNode, type TemplateChildNode } from "@vue/compiler-dom";
import ts from "typescript";
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
const CHINESE = /[\u4e00-\u9fff]/;
/** Names of languages stand in themselves; units and keys are the same in both. */
const SAME = ["中文", "English", "Bayan", "Esc", "CSV", "https://"];
/** Attributes that people are shown or read out. */
const SHOWN = ["aria-label", "aria-description", "title", "placeholder", "alt", "label", "hint", "detail"];
/** Whether it is something that a language has: a Chinese character, or two letters beside each other. */
const isText = (text: string) => !SAME.includes(text) && (CHINESE.test(text) || /\p{L}{2,}/u.test(text));
/** All strings of a script, and the fixed parts of its templates. */
function strings(script: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || node.kind === ts.SyntaxKind.TemplateHead || node.kind === ts.SyntaxKind.TemplateMiddle || node.kind === ts.SyntaxKind.TemplateTail) found.push((node as ts.LiteralLikeNode).text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("x.ts", script, ts.ScriptTarget.Latest, true));
  return found;
}
/** The strings of an expression that may be shown by it: not those that a text is asked by, that something is compared with, or a place has. */
function literals(expression: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isObjectLiteralExpression(node) || ts.isElementAccessExpression(node)) return;
    if (ts.isBinaryExpression(node) && /^[=!]==?$/.test(node.operatorToken.getText())) return;
    if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].forEach(visit);
    if (ts.isStringLiteralLike(node) || node.kind === ts.SyntaxKind.TemplateHead || node.kind === ts.SyntaxKind.TemplateMiddle || node.kind === ts.SyntaxKind.TemplateTail) found.push((node as ts.LiteralLikeNode).text);
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile("x.ts", `(${expression})`, ts.ScriptTarget.Latest, true);
  visit(source);
  return found.filter((text) => text !== "");
}
/** What of a number or a time is not a language's: names of zones, the form of a date. */
const FORMS = ["Etc/GMT", "UTC", "T", "number", "./decimal", "./i18n"];
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

  it("name every refusal of the exchange that a person can meet", () => {
    const refusals = readFileSync(new URL("../../../crates/exchange/src/refusal.rs", import.meta.url), "utf8");
    const reasons = new Set([...refusals.matchAll(/=> "(\w+)",/g)].map(([, reason]) => reason!));
    expect(reasons.size).toBeGreaterThan(60);
    // Of the node's own commands.
    reasons.delete("key_not_due");
    const told = new Set([...Object.keys(zh.errors), ...Object.keys(zh.pad.why)]);
    expect([...reasons].filter((reason) => !told.has(reason))).toEqual([]);
  });

  it("never stand in a template themselves", () => {
    const raw: string[] = [];
    const told = (name: string, text: string) => isText(text) && raw.push(`${name}: ${text}`);
    const look = (name: string, node: RootNode | TemplateChildNode) => {
      if (node.type === 2) told(name, node.content.trim());
      if (node.type === 5 && node.content.type === 4) for (const text of literals(node.content.content)) told(name, text);
      if (node.type === 1)
        for (const one of node.props) {
          if (one.type === 6 && SHOWN.includes(one.name) && one.value) told(name, one.value.content);
          if (one.type === 7 && one.name === "bind" && one.arg?.type === 4 && SHOWN.includes(one.arg.content) && one.exp?.type === 4) for (const text of literals(one.exp.content)) told(name, text);
        }
      if ("children" in node) for (const child of node.children) if (typeof child === "object") look(name, child as TemplateChildNode);
    };
    for (const name of files.filter((one) => one.endsWith(".vue"))) look(name, parse(/<template>([\s\S]*)<\/template>/.exec(read(name))?.[1] ?? ""));
    expect(raw).toEqual([]);
  });

  // What scripts put together and show: Chinese nowhere, English words where figures and times are made.
  it("never stand in a script themselves", () => {
    const raw: string[] = [];
    for (const name of files) {
      const script = name.endsWith(".vue") ? (/<script setup[^>]*>([\s\S]*?)<\/script>/.exec(read(name))?.[1] ?? "") : read(name);
      for (const text of strings(script)) if (CHINESE.test(text)) raw.push(`${name}: ${text}`);
      if (name === "shared/format.ts") for (const text of strings(script)) if (/\p{L}/u.test(text) && !FORMS.includes(text) && !chinese.has(text)) raw.push(`${name}: ${text}`);
    }
    expect(raw).toEqual([]);
  });

  it("are found where they hide", () => {
    expect(literals("open ? 'Open' : $t('x.y')")).toEqual(["Open"]);
    expect(literals("`${n} 天`")).toEqual([" 天"]);
    expect(literals("$t(isOpen ? 'a.b' : 'a.c')")).toEqual([]);
    expect(literals("one === 'running' ? '+' : ''")).toEqual(["+"]);
    expect([isText("天"), isText("h"), isText("Esc"), isText("·")]).toEqual([true, false, false, false]);
  });
});
