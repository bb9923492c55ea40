import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { day, DESKTOP, launch, Person, PHONE, until, Venue } from "./kit";

let venue: Venue;
let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), "bayan-files-"));
beforeAll(async () => {
  [venue, browser] = await Promise.all([Venue.start(["--no-bots"]), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await venue?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const PDF = Buffer.from("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n");
const HTML = Buffer.from("<!doctype html><script>parent.hurt = 1; window.hurt = 1</script>");
function file(name: string, bytes: Buffer): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

// Protects the way of a file from one member's device to another's: attached while an announcement is written, what is none is
// refused in words, approved with it by staff, and saved by another member, with headers under which nothing of it can run.
it("an attachment goes from one member to another and runs nowhere", async () => {
  const manager = await Person.enter(browser, venue, "nre-manager", DESKTOP, "en");
  const { page } = manager;
  await page.goto("/publish");
  await page.locator("[data-test=template-blank]").click();
  await page.selectOption("#product", "PrNd-metal");
  await page.fill("#title", "With papers");
  await page.getByRole("textbox", { name: /^Quantity/ }).fill("20");
  const input = page.locator("input[type=file]");
  await input.setInputFiles([file("page.html", HTML), file("page.pdf", HTML), file("large.pdf", Buffer.concat([PDF, Buffer.alloc(10 * 1024 * 1024)])), file("empty.png", Buffer.alloc(0))]);
  const said = page.locator(".files [role=alert]");
  await until(async () => (await said.count()) === 4, "all four are refused");
  expect(await said.allTextContents()).toEqual([
    "page.html: only PDF, PNG, JPEG and WebP are taken.",
    "page.pdf: The content is not of this type; only PDF, PNG, JPEG and WebP are taken.",
    "large.pdf: larger than 10 MB.",
    "empty.png: the file is empty.",
  ]);
  await input.setInputFiles([file("合同 样本.pdf", PDF), file("scan.png", Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex"))]);
  const names = page.getByRole("textbox", { name: "Name of the attachment" });
  await until(async () => (await names.count()) === 2, "both are attached");
  expect(await said.count()).toBe(0);
  expect(await names.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))).toEqual(["合同 样本.pdf", "scan.png"]);
  await page.getByRole("button", { name: "Remove scan.png" }).click();
  await until(async () => ((await venue.call("nre-manager", "GET", "/api/v1/files")).json as { files: number }).files === 1, "what was taken off gives its room back");

  // Half written it is still there after a reload.
  await page.reload();
  await until(async () => (await names.count()) === 1, "the draft keeps its attachment");
  await page.getByRole("button", { name: "Next" }).click();
  await page.fill("#date", day(2));
  for (const [field, value] of [["start", "600000"], ["step", "500"]] as const) await page.fill(`#${field}`, value);
  await page.getByRole("button", { name: "Next" }).click();
  expect(await page.locator(".preview").textContent()).toContain("合同 样本.pdf");
  await page.getByRole("button", { name: "Hand in" }).click();
  const status = page.locator(".note.accent[role=status]");
  await status.waitFor();
  const id = Number(/#(\d+)/.exec((await status.textContent())!)![1]);

  const operator = await Person.enter(browser, venue, "operator-1", DESKTOP, "zh");
  await operator.page.goto("/console");
  await operator.page.locator("article.item", { hasText: "With papers" }).locator("button.main").click();
  await operator.page.getByRole("link", { name: "合同 样本.pdf" }).waitFor();
  expect((await venue.call("operator-1", "POST", `/api/v1/auctions/${id}/approval`, {})).status).toBe(200);

  const trader = await Person.enter(browser, venue, "b1-trader", PHONE, "zh");
  await trader.page.goto(`/auctions/${id}`);
  await trader.page.getByRole("button", { name: "公告条款" }).click();
  const link = trader.page.getByRole("link", { name: "合同 样本.pdf" });
  const [download] = await Promise.all([trader.page.waitForEvent("download"), link.click()]);
  expect(download.suggestedFilename()).toBe("合同 样本.pdf");
  const saved = join(folder, "saved");
  await download.saveAs(saved);
  expect(readFileSync(saved).equals(PDF)).toBe(true);
  expect(trader.page.url()).toContain(`/auctions/${id}`);

  const path = (await link.getAttribute("href"))!;
  const answer = await trader.context.request.get(venue.url + path);
  expect(answer.status()).toBe(200);
  expect(answer.headers()).toMatchObject({
    "content-type": "application/pdf",
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "cache-control": "private, no-cache",
  });
  expect(answer.headers()["content-disposition"]).toMatch(/^attachment; filename="[0-9a-f]{16}\.pdf"; filename\*=UTF-8''/);

  // The firm's own list: what an announcement uses stays, what nothing names is let go of; a trader has no such list.
  await page.locator("input[type=file]").waitFor({ state: "detached" });
  await page.goto("/publish");
  await page.locator("[data-test=template-blank]").click();
  await page.locator("input[type=file]").setInputFiles(file("second.pdf", Buffer.concat([PDF, Buffer.from("% second\n")])));
  await names.first().waitFor();
  await page.goto("/me");
  await page.getByRole("tab", { name: "Files" }).click();
  const kept = page.locator("[data-test=file]");
  await until(async () => (await kept.count()) === 2, "both are kept");
  expect(await page.locator("[data-test=room]").innerText()).toMatch(/^2 of 1,000 files, /);
  const used = kept.filter({ has: page.getByRole("link", { name: `#${id}` }) });
  expect(await used.getByRole("button").count()).toBe(0);
  const [again] = await Promise.all([page.waitForEvent("download"), used.getByRole("link", { name: /PDF/ }).click()]);
  await again.saveAs(saved);
  expect(readFileSync(saved).equals(PDF)).toBe(true);
  await kept.getByRole("button").click();
  await until(async () => (await kept.count()) === 1, "what nothing names is let go of");
  expect(((await venue.call("nre-manager", "GET", "/api/v1/files")).json as { files: number }).files).toBe(1);
  await trader.page.goto("/me");
  await trader.page.getByRole("tab", { name: "通知" }).waitFor();
  expect(await trader.page.getByRole("tab", { name: "文件" }).count()).toBe(0);
  for (const person of [manager, operator, trader]) {
    expect(person.complaints).toEqual([]);
    await person.leave();
  }
});
