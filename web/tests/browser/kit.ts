/** A real program with a folder of its own, and a real browser before it. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";

export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2, locale: "zh-CN" };
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, locale: "zh-CN" };

export interface User {
  login: string;
  password: string;
  role: string;
  member: string | null;
  totp_secret?: string;
}

const program = process.env.BAYAN ?? new URL("../../../target/debug/bayan", import.meta.url).pathname;
const browserPath = process.env.CHROMIUM ?? "/usr/bin/chromium";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The demonstration market in a temporary folder. */
export class Venue {
  url = "";
  users: User[] = [];
  private process: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly args: string[],
  ) {}

  static async start(args: string[] = []): Promise<Venue> {
    const venue = new Venue(mkdtempSync(join(tmpdir(), "bayan-app-")), await freePort(), args);
    await venue.run();
    return venue;
  }

  /** Starts the program, again on the same folder and port after it was killed. */
  async run(): Promise<void> {
    if (!existsSync(program)) throw new Error(`${program} is not there; build it with: cargo build -p bayan`);
    const child = spawn(program, ["dev", "--json", "--data", join(this.folder, "data"), "--listen", `127.0.0.1:${this.port}`, ...this.args], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, RUST_LOG: "error" } });
    this.process = child;
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout! }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`bayan dev ended with ${code}`)));
    });
    const said = JSON.parse(line) as { url: string; users: User[] };
    this.users = said.users;
    // Passkeys and secure cookies want this name.
    this.url = `http://localhost:${this.port}`;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const child = this.process!;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  /** kill -9 of the node that leads, where there are several. */
  async killLeader(): Promise<void> {
    const status = await promisify(execFile)(program, ["cluster", "status", "--json", "--data", join(this.folder, "data")]);
    const { nodes } = JSON.parse(status.stdout) as { nodes: { leader: boolean; pid: number | null }[] };
    process.kill(nodes.find((node) => node.leader)!.pid!, "SIGKILL");
  }

  /** It answers nobody and hangs up on nobody, until it goes on. */
  pause(): void {
    this.process!.kill("SIGSTOP");
  }
  goOn(): void {
    this.process!.kill("SIGCONT");
  }

  async stop(): Promise<void> {
    this.process?.kill("SIGCONT");
    if (this.process?.exitCode === null && this.process.signalCode === null) await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  user(login: string): User {
    const found = this.users.find((one) => one.login === login);
    if (!found) throw new Error(`there is no user ${login}`);
    return found;
  }

  /** A call past the browser, as another firm's system would make it. */
  async call(login: string, method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }> {
    const token = await this.token(login);
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": `test-${Math.random().toString(36).slice(2)}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text ? JSON.parse(text) : undefined };
  }

  /** The header of a call that does not fit the one above. */
  async signed(login: string): Promise<{ authorization: string }> {
    return { authorization: `Bearer ${await this.token(login)}` };
  }

  /** Each signs in once, also where many calls begin at the same time. */
  private tokens = new Map<string, Promise<string>>();
  private token(login: string): Promise<string> {
    const known = this.tokens.get(login) ?? this.session(login);
    this.tokens.set(login, known);
    return known;
  }

  private async session(login: string): Promise<string> {
    const user = this.user(login);
    const response = await fetch(`${this.url}/api/v1/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ login, password: user.password, ...(user.totp_secret ? { code: await freshCode(user.totp_secret) } : {}) }),
    });
    if (!response.ok) throw new Error(`${login} cannot sign in: ${response.status} ${await response.text()}`);
    return ((await response.json()) as { token: string }).token;
  }
}

/** The six digits of an authenticator (RFC 6238) for a secret in base 32. */
export function totp(secret: string, at = Date.now()): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/=+$/, "")].map((one) => alphabet.indexOf(one).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const offset = mac[19]! & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const STEP_MS = 30_000;
const served = new Map<string, number>();

/** A code that has not served: a second one for the same secret waits for the next half minute. */
export async function freshCode(secret: string): Promise<string> {
  const last = served.get(secret);
  const step = await until(async () => (Math.floor(Date.now() / STEP_MS) !== last ? Math.floor(Date.now() / STEP_MS) : undefined), "the next code", STEP_MS + 5_000);
  served.set(secret, step);
  return totp(secret, step * STEP_MS);
}

export function launchOptions(): { executablePath: string; args: string[] } {
  if (!existsSync(browserPath)) throw new Error(`${browserPath} is not there; on Debian: apt-get install chromium`);
  return {
    executablePath: browserPath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
  };
}

export async function launch(): Promise<Browser> {
  return chromium.launch(launchOptions());
}

/** One person before one device. What the page complains of is kept. */
export class Person {
  readonly complaints: string[] = [];

  private constructor(
    readonly venue: Venue,
    readonly user: User,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      // A refusal, or a node that is away, is also said here by the browser; everything else is a fault of the page.
      if (message.type() === "error" && !/Failed to load resource|WebSocket connection/.test(message.text())) this.complaints.push(message.text());
    });
  }

  static async enter(browser: Browser, venue: Venue, login: string, options: BrowserContextOptions, language: "zh" | "en" = "zh"): Promise<Person> {
    return Person.within(await browser.newContext({ ...options, baseURL: venue.url }), venue, login, language);
  }

  /** The same in a window that is there. */
  static async within(context: BrowserContext, venue: Venue, login: string, language: "zh" | "en" = "zh"): Promise<Person> {
    const page = await context.newPage();
    await page.addInitScript((chosen) => {
      if (!localStorage.getItem("bayan.settings")) localStorage.setItem("bayan.settings", JSON.stringify({ language: chosen, toured: true }));
    }, language);
    const person = new Person(venue, venue.user(login), context, page);
    await person.signIn();
    return person;
  }

  async signIn(): Promise<void> {
    const { page, user } = this;
    await page.goto(`${this.venue.url}/sign-in`);
    await page.waitForSelector("#password");
    if (await page.locator("#login").isVisible()) await page.fill("#login", user.login);
    await page.fill("#password", user.password);
    await page.locator("form button.main").click();
    if (user.totp_secret) {
      await page.fill("#code", await freshCode(user.totp_secret));
      await page.locator("form button.main").click();
    }
    await page.waitForURL(/\/(markets|console)/);
  }

  /** Presses and holds a button until it has acted. */
  async hold(selector: string): Promise<void> {
    const button = this.page.locator(selector);
    const box = (await button.boundingBox())!;
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await this.page.mouse.down();
    await this.page.waitForFunction((one) => !document.querySelector(one)?.matches(".holding"), selector, { timeout: 5_000 });
    await this.page.mouse.up();
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}

/** Looks until it is so. */
export async function until<T>(look: () => Promise<T | undefined | false>, what: string, patienceMs = 20_000): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`it did not come to pass: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The exchange's date in `days` days, as a date field wants it. */
export function day(days: number): string {
  return new Date(Date.now() + days * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
}
