/* Packed: numbers and bytes as geo/maps/packing.py wrote them, turned back into typed arrays. */
(function (Rutter) {
  "use strict";

  const ARRAYS = { u8: Uint8Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array };

  function bytes(base64) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
    const text = atob(base64);
    const out = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
    return out;
  }

  /* Written in one piece and read into one that is large enough from the start, for the last four bytes say how large:
     twice as quick as by way of a Blob and a Response. */
  async function inflate(gzipped) {
    const out = new Uint8Array(new DataView(gzipped.buffer, gzipped.byteOffset + gzipped.length - 4).getUint32(0, true));
    const { readable, writable } = new DecompressionStream("gzip");
    const writer = writable.getWriter();
    const written = Promise.all([writer.write(gzipped), writer.close()]);
    const reader = readable.getReader();
    for (let at = 0, part = await reader.read(); !part.done; part = await reader.read()) {
      out.set(part.value, at);
      at += part.value.length;
    }
    await written;
    return out;
  }

  /* Steps from one number to the next: even ones go up, odd ones down. */
  function climb(out, raw, { at, planes, count }) {
    let value = 0;
    for (let i = 0; i < count; i++) {
      let step = 0;
      for (let p = planes - 1; p >= 0; p--) step = step * 256 + raw[at + p * count + i];
      value += step % 2 ? -(step + 1) / 2 : step / 2;
      out[i] = value;
    }
  }

  function column(packed, raw) {
    const { type, count, planes, at, fill } = packed;
    const out = new ARRAYS[type](count);
    if (planes === undefined) return fill ? out.fill(fill) : out;
    if (packed.steps) climb(out, raw, packed);
    else if (type === "f64") {
      for (let p = planes - 1; p >= 0; p--) for (let i = 0; i < count; i++) out[i] = out[i] * 256 + raw[at + p * count + i];
    } else {
      const view = new Uint8Array(out.buffer);
      const wide = out.BYTES_PER_ELEMENT;
      for (let p = 0; p < planes; p++) for (let i = 0, j = p, k = at + p * count; i < count; i++, j += wide) view[j] = raw[k + i];
    }
    return out;
  }

  /* The text of an element of the page, which is not needed twice. */
  function take(id) {
    const element = document.getElementById(id);
    const text = element.textContent;
    element.remove();
    return text;
  }

  Rutter.packed = { bytes, column, inflate, take };
  Rutter.bytes = bytes;
})((window.Rutter = window.Rutter || {}));
