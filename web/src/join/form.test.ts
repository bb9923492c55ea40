import { describe, expect, it } from "vitest";

import { blank, body, faults, type Form, phoneOf } from "./form";

const good: Form = {
  ...blank(), creditCode: "9115 0000 7014 6362 2d", name: " 北方稀土 ", licenceUntil: "2031-05-20", person: "李", login: " li ", phone: "138 0000 0000", email: "li@firm.example",
  affiliates: [{ name: "包钢", code: "" }, { name: "", code: "9144030071526726xg" }, { name: " ", code: "" }],
};

// Protects what is told before an application is handed in, and what then goes to the exchange.
describe("an application", () => {
  it("says what is wrong, by field", () => {
    expect(faults(good, "2026-11-30")).toEqual({});
    expect(Object.keys(faults(blank(), "2026-11-30")).sort()).toEqual(["creditCode", "email", "licenceUntil", "login", "name", "person", "phone"]);
    expect(faults({ ...good, licenceUntil: "2026-11-30" }, "2026-11-30").licenceUntil).toBe("past");
    expect(faults({ ...good, licenceUntil: "", licenceOpen: true }, "2026-11-30")).toEqual({});
    expect(faults({ ...good, phone: "12345", email: "li" }, "2026-11-30")).toEqual({ phone: "phone", email: "email" });
    expect(faults({ ...good, creditCode: "91150000701463622E" }, "2026-11-30").creditCode).toEqual({ kind: "check", n: 18 });
  });

  it("goes to the exchange as it wants it", () => {
    expect(body(good)).toEqual({
      firm: { credit_code: "91150000701463622D", name: "北方稀土", licence_until: "2031-05-20", affiliates: [{ name: "包钢" }, { code: "9144030071526726XG" }] },
      contact: { name: "李", login: "li", phone: "+8613800000000", email: "li@firm.example" },
    });
    expect(body({ ...good, licenceOpen: true }).firm.licence_until).toBeUndefined();
  });

  it("reads numbers as people write them here", () => {
    for (const [typed, dialled] of [["138-0000-0000", "+8613800000000"], ["0472-2207799", "+864722207799"], ["(010) 6554 1111", "+861065541111"], ["0049 89 123456", "+4989123456"], ["+4989123456", "+4989123456"]] as const) expect(phoneOf(typed)).toBe(dialled);
  });
});
