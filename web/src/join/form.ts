/** An application as it is being written: what a person typed, kept on this device until it is handed in. */

import type { Schemas } from "@/shared/api/client";

import { type CodeFault, CHARACTERS, codeFault, tidy } from "./creditCode";

export interface Form {
  creditCode: string;
  name: string;
  licenceUntil: string;
  /** The licence has no end. */
  licenceOpen: boolean;
  affiliates: { name: string; code: string }[];
  person: string;
  login: string;
  phone: string;
  email: string;
}

export type Field = Exclude<keyof Form, "licenceOpen" | "affiliates">;
export type Fault = "required" | "past" | "phone" | "email" | CodeFault;

export const AFFILIATES_MAX = 20;

export function blank(): Form {
  return { creditCode: "", name: "", licenceUntil: "", licenceOpen: false, affiliates: [], person: "", login: "", phone: "", email: "" };
}

/** As it was handed in before, to be amended. */
export function ofApplication(own: Schemas["OwnApplication"]): Form {
  const { firm, contact } = own;
  return {
    creditCode: firm.credit_code,
    name: firm.name,
    licenceUntil: firm.licence_until ?? "",
    licenceOpen: firm.licence_until == null,
    affiliates: firm.affiliates.map(({ name, code }) => ({ name: name ?? "", code: code ?? "" })),
    person: contact?.name ?? "",
    login: contact?.login ?? "",
    phone: contact?.phone ?? "",
    email: contact?.email ?? "",
  };
}

/** A number as people write it here, as it is dialled from anywhere. */
export function phoneOf(text: string): string {
  const digits = text.replace(/[\s()\-–]/g, "");
  if (/^1\d{10}$/.test(digits)) return `+86${digits}`;
  if (/^0[1-9]\d{8,10}$/.test(digits)) return `+86${digits.slice(1)}`;
  return digits.replace(/^00/, "+");
}

/** What an affiliate's code has wrong: one as long as a credit code is meant as one. */
export function affiliateFault(code: string): CodeFault | undefined {
  const text = tidy(code);
  return text.length === CHARACTERS ? codeFault(text) : undefined;
}

/** What is wrong, by field. `today` is the exchange's. */
export function faults(form: Form, today: string): Partial<Record<Field, Fault>> {
  const found: Partial<Record<Field, Fault>> = {};
  for (const field of ["name", "person", "login", "phone", "email", "creditCode"] as const) if (!form[field].trim()) found[field] = "required";
  const code = codeFault(tidy(form.creditCode));
  if (!found.creditCode && code) found.creditCode = code;
  if (!form.licenceOpen) {
    if (!/^\d{4}-\d\d-\d\d$/.test(form.licenceUntil)) found.licenceUntil = "required";
    else if (form.licenceUntil <= today) found.licenceUntil = "past";
  }
  if (!found.phone && !/^\+\d{8,15}$/.test(phoneOf(form.phone))) found.phone = "phone";
  if (!found.email && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(form.email.trim())) found.email = "email";
  return found;
}

/** As it goes to the exchange. */
export function body(form: Form): Schemas["NewApplication"] {
  const affiliates = form.affiliates
    .map(({ name, code }) => ({ name: name.trim(), code: tidy(code).length === CHARACTERS ? tidy(code) : code.trim() }))
    .filter(({ name, code }) => name || code)
    .map(({ name, code }) => ({ ...(name ? { name } : {}), ...(code ? { code } : {}) }));
  return {
    firm: { credit_code: tidy(form.creditCode), name: form.name.trim(), affiliates, ...(form.licenceOpen ? {} : { licence_until: form.licenceUntil }) },
    contact: { name: form.person.trim(), login: form.login.trim(), phone: phoneOf(form.phone), email: form.email.trim() },
  };
}

const KEPT = "bayan.application-draft";

export function kept(): Form {
  const text = localStorage.getItem(KEPT);
  if (!text) return blank();
  try {
    return { ...blank(), ...(JSON.parse(text) as Partial<Form>) };
  } catch {
    // Written by another version: begun anew.
    return blank();
  }
}

export function keep(form: Form): void {
  localStorage.setItem(KEPT, JSON.stringify(form));
}

export function discard(): void {
  localStorage.removeItem(KEPT);
}

/** The link with which a first user sets its password. What stands behind the # reaches no server. */
export function welcomeLink(login: string, password: string): string {
  return `${location.origin}/welcome#${new URLSearchParams({ login, password }).toString()}`;
}
