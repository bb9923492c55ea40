/** The unified social credit code of a firm (GB 32100-2015), judged while it is typed; the exchange judges it again. */

const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
export const CHARACTERS = 18;

/** What is wrong with it: how many characters it has, which one cannot be, or that the last does not follow from the others. */
export type CodeFault = { kind: "length"; n: number } | { kind: "digit" | "character"; n: number } | { kind: "check"; n: number };

/** As it is meant: capital letters, without the spaces of a copied line. */
export function tidy(text: string): string {
  return text.replace(/\s/g, "").toUpperCase();
}

export function codeFault(code: string): CodeFault | undefined {
  const characters = [...code];
  let [sum, weight, last] = [0, 1, 0];
  for (const [at, character] of characters.slice(0, CHARACTERS).entries()) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return { kind: "character", n: at + 1 };
    // The code of an administrative division.
    if (at >= 2 && at < 8 && value > 9) return { kind: "digit", n: at + 1 };
    if (at === CHARACTERS - 1) last = value;
    else sum = (sum + value * weight) % ALPHABET.length;
    weight = (weight * 3) % ALPHABET.length;
  }
  if (characters.length !== CHARACTERS) return { kind: "length", n: characters.length };
  return (sum + last) % ALPHABET.length === 0 ? undefined : { kind: "check", n: CHARACTERS };
}
