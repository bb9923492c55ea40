/** Files on their way in: what is taken, how large, and how far one is. */

import { Problem, type ProblemDocument, unanswered } from "./api/problem";
import type { Schemas } from "./api/client";
import { spokenFor } from "./api/speaker";

/** What the exchange takes in, by the endings that such files have. */
const TAKEN = new Map([["pdf", "application/pdf"], ["png", "image/png"], ["jpg", "image/jpeg"], ["jpeg", "image/jpeg"], ["webp", "image/webp"]]);
export const ACCEPT = Array.from(TAKEN.keys()).map((ending) => `.${ending}`).join(",");
export const BYTES_MAX = 10 * 1024 * 1024;
export const NAME_MAX = 120;
const MS_MAX = 180_000;

/** The type that a file's name says; `undefined`: none that is taken. */
export function typeOf(name: string): string | undefined {
  return TAKEN.get(/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "");
}

/** What is wrong with a file before it is sent; the exchange looks into it all the same. */
export function faultOf(file: { name: string; size: number }): "type" | "size" | "empty" | undefined {
  if (!typeOf(file.name)) return "type";
  if (file.size === 0) return "empty";
  return file.size > BYTES_MAX ? "size" : undefined;
}

/** A name as the exchange takes it: its last characters are kept, since they say what it is. */
export function nameOf(name: string): string {
  // Control characters, slashes, and what turns the direction of writing.
  const plain = name.replace(/[\u0000-\u001f\u007f-\u009f/\\\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "_").trim();
  const letters = Array.from(plain);
  return letters.length > NAME_MAX ? letters.slice(letters.length - NAME_MAX).join("") : plain;
}

/** How large: in the unit that says it shortest. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
  if (bytes < 1024 * 1024 * 1024) return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return `${(bytes / 1024 / 1024 / 1024).toFixed(1)} GB`;
}

/**
 * Hands a file in under this key. `progress` hears which share of it has left this device, which only the old way of asking
 * can tell.
 */
export function send(file: File, key: string, progress: (share: number) => void, signal?: AbortSignal): Promise<Schemas["FileAdded"]> {
  return sendTo("/api/v1/files", { "idempotency-key": key, ...spokenFor() }, file, progress, signal);
}

/** The same to another place, by what these headers show. */
export function sendTo<Added>(path: string, headers: Record<string, string>, file: File, progress: (share: number) => void, signal?: AbortSignal): Promise<Added> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.responseType = "json";
    request.timeout = MS_MAX;
    request.setRequestHeader("content-type", typeOf(file.name) ?? "application/octet-stream");
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 201 && request.response !== null) resolve(request.response as Added);
      else {
        const document = (request.response ?? {}) as Partial<ProblemDocument>;
        reject(new Problem(request.status, document.reason ?? `status_${request.status}`, document.detail ?? request.statusText, document.sequence));
      }
    };
    request.onerror = request.ontimeout = request.onabort = () => reject(unanswered(new Error("the file was not answered")));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

/** Where a file is read. */
export function fileUrl(id: string): string {
  return `/api/v1/files/${encodeURIComponent(id)}`;
}
