import type { ColumnTable } from "../../platform/columns";
import { type Bytes, utf8 } from "../bytes";

/** The bytes of columns, as the engine writes them. */
export function columnBytes(table: ColumnTable): Bytes {
  const { rows, names, about } = table;
  const header = utf8(JSON.stringify({ rows, columns: names, about }));
  const start = Math.ceil((4 + header.length) / 8) * 8;
  const bytes = new Uint8Array(start + 8 * rows * names.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, header.length, true);
  bytes.set(header, 4);
  for (const [k, name] of names.entries()) {
    table.column(name).forEach((value, row) => view.setFloat64(start + 8 * (k * rows + row), value, true));
  }
  return bytes;
}
