import { expect, test } from "vitest";

import { readColumns } from "./columns";

function bytes(header: string, ...columns: number[][]): ArrayBuffer {
  const text = new TextEncoder().encode(header);
  const start = Math.ceil((4 + text.length) / 8) * 8;
  const buffer = new ArrayBuffer(start + 8 * columns.flat().length);
  const view = new DataView(buffer);
  view.setUint32(0, text.length, true);
  new Uint8Array(buffer).set(text, 4);
  columns.flat().forEach((value, k) => view.setFloat64(start + 8 * k, value, true));
  return buffer;
}

test("columns come back by name, missing numbers as NaN, with what they are about", () => {
  const table = readColumns(
    bytes('{"rows":3,"columns":["index","kdm"],"about":{"electrode":3}}', [1, 2, 3], [0.5, Number.NaN, -1e-9]),
  );
  expect(table.rows).toBe(3);
  expect([...table.column("index")]).toEqual([1, 2, 3]);
  expect([...table.column("kdm")]).toEqual([0.5, Number.NaN, -1e-9]);
  expect(table.about).toEqual({ electrode: 3 });
});

test("a header of any length is padded to a multiple of eight", () => {
  for (let k = 0; k < 8; k += 1) {
    const name = "a".repeat(k + 1);
    const table = readColumns(bytes(`{"rows":1,"columns":["${name}"],"about":null}`, [42]));
    expect([...table.column(name)]).toEqual([42]);
  }
});

test("no rows are no error", () => {
  const table = readColumns(bytes('{"rows":0,"columns":["index"],"about":null}'));
  expect(table.column("index").length).toBe(0);
});

test("bytes cut anywhere are refused", () => {
  const whole = bytes('{"rows":2,"columns":["a","b"],"about":null}', [1, 2], [3, 4]);
  for (let length = 0; length < whole.byteLength; length += 1) {
    expect(() => readColumns(whole.slice(0, length))).toThrow(expect.objectContaining({ code: "not_columns" }));
  }
});

test.each(["", "[]", '{"rows":-1,"columns":[]}', '{"rows":1.5,"columns":[]}', '{"rows":1,"columns":[3]}', '{"columns":[]}'])(
  "a header such as %j is refused",
  (header) => {
    expect(() => readColumns(bytes(header))).toThrow(expect.objectContaining({ code: "not_columns" }));
  },
);

test("a column that is not there is refused by name", () => {
  const table = readColumns(bytes('{"rows":0,"columns":["index"],"about":null}'));
  expect(() => table.column("kdm")).toThrow(expect.objectContaining({ message: expect.stringContaining("kdm") }));
});
