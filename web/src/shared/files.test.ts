import { describe, expect, it } from "vitest";

import { faultOf, nameOf, sizeText, typeOf } from "./files";

// Protects what is said of a file before it is sent: its type by its ending, its size, and a name that the exchange takes.
describe("a file", () => {
  it("has the type that its ending says", () => {
    expect(typeOf("合同.PDF")).toBe("application/pdf");
    expect(typeOf("a.b.jpeg")).toBe("image/jpeg");
    expect(["a.html", "a", "pdf", ".constructor", "a.docx"].map(typeOf)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it("is too large, empty, or of no type that is taken", () => {
    expect(faultOf({ name: "a.pdf", size: 10 * 1024 * 1024 })).toBeUndefined();
    expect(faultOf({ name: "a.pdf", size: 10 * 1024 * 1024 + 1 })).toBe("size");
    expect(faultOf({ name: "a.pdf", size: 0 })).toBe("empty");
    expect(faultOf({ name: "a.exe", size: 1 })).toBe("type");
  });

  it("is called so that it can be", () => {
    expect(nameOf(" a/b\\c\u202efdp.pdf ")).toBe("a_b_c_fdp.pdf");
    const long = nameOf(`${"稀".repeat(200)}.pdf`);
    expect(Array.from(long)).toHaveLength(120);
    expect(long.endsWith(".pdf")).toBe(true);
  });

  it("says how large it is", () => {
    expect([512, 2048, 1_572_864, 1_073_741_824].map(sizeText)).toEqual(["512 B", "2 kB", "1.5 MB", "1.0 GB"]);
  });
});
