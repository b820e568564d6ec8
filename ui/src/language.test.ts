import { expect, test } from "vitest";

import { guardLanguage } from "./language";

test("a language that Intl rejects is replaced, any other stays", () => {
  const broken = { language: "C", languages: ["C"] } as unknown as Navigator;
  guardLanguage(broken);
  expect(() => new Intl.NumberFormat(broken.language)).not.toThrow();
  const good = { language: "de-CH", languages: ["de-CH"] } as unknown as Navigator;
  guardLanguage(good);
  expect(good.language).toBe("de-CH");
});
