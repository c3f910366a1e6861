/* Texts: what there is to read, in blocks of rows that are unpacked when somebody asks. The last few blocks stay at hand, so
   that a small table is at hand as a whole; of a larger one `load` must come before `at` and `find`.

   load(places)      null when all is at hand, else a promise
   at(column, place) the text, empty when it is not at hand
   find(text)        place of the row with this id, -1 when there is none, undefined when not all was looked at
   seek(text)        the same as a promise that looks at all                                                           */
(function (Rutter) {
  "use strict";

  const KEPT_ROWS = 16384;
  const AT_ONCE = 16;
  const PAD = /\0+$/;
  const decoder = new TextDecoder();

  class Texts {
    constructor({ count, rows, names, same, ends, bytes }, read) {
      Object.assign(this, { count, rows, names, same, ends });
      this.rest = names.filter((name) => !(name in same));
      this.read = read || (() => Rutter.packed.bytes(bytes));
      this.blocks = new Map();
      this.coming = new Map();
    }

    get small() { return this.ends.length <= this.kept; }
    get kept() { return Math.max(2, Math.floor(KEPT_ROWS / this.rows)); }

    async unpack(block) {
      this.bytes = this.bytes || this.read();
      const part = this.bytes.subarray(block ? this.ends[block - 1] : 0, this.ends[block]);
      const columns = JSON.parse(decoder.decode(await Rutter.packed.inflate(part)));
      const size = Math.min(this.rows, this.count - block * this.rows);
      const across = (text) => Array.from({ length: size }, (_, row) => {
        let cell = "";
        for (let k = row; k < text.length; k += size) cell += text[k];
        return cell.replace(PAD, "");
      });
      return Object.fromEntries(columns.map((cells, k) => [this.rest[k], typeof cells === "string" ? across(cells) : cells]));
    }

    keep(block, columns) {
      this.blocks.delete(block);
      this.blocks.set(block, columns);
      if (this.blocks.size > this.kept) this.blocks.delete(this.blocks.keys().next().value);
    }

    bring(block) {
      if (!this.coming.has(block)) {
        const coming = this.unpack(block).then((columns) => this.keep(block, columns));
        this.coming.set(block, coming.finally(() => this.coming.delete(block)));
      }
      return this.coming.get(block);
    }

    load(places) {
      if (!this.ends.length) return null;
      const wanted = new Set();
      for (const place of places) {
        const block = Math.floor(place / this.rows);
        if (block < this.ends.length && !this.blocks.has(block)) wanted.add(block);
      }
      return wanted.size ? Promise.all([...wanted].map((block) => this.bring(block))) : null;
    }

    /* All of it, when it may stay. */
    loadAll() {
      return this.small ? this.load(this.ends.map((_, block) => block * this.rows)) : null;
    }

    at(column, place) {
      if (column in this.same) return this.same[column];
      const block = this.blocks.get(Math.floor(place / this.rows));
      return (block && block[column] && block[column][place % this.rows]) || "";
    }

    find(text) {
      if ("id" in this.same) return this.count && this.same.id === text ? 0 : -1;
      for (const [block, { id }] of this.blocks) {
        const row = id.indexOf(text);
        if (row >= 0) return block * this.rows + row;
      }
      return this.blocks.size < this.ends.length ? undefined : -1;
    }

    async seek(text) {
      const found = this.find(text);
      if (found !== undefined) return found;
      const left = this.ends.map((_, block) => block).filter((block) => !this.blocks.has(block));
      while (left.length) {
        const some = left.splice(0, AT_ONCE);
        const read = await Promise.all(some.map((block) => this.unpack(block)));
        for (const [k, { id }] of read.entries()) {
          const row = id.indexOf(text);
          if (row >= 0) return some[k] * this.rows + row;
        }
      }
      return -1;
    }

    /* All texts of a column, unpacked and not kept. */
    async all(column) {
      if (column in this.same) return new Array(this.count).fill(this.same[column]);
      const cells = [];
      for (let block = 0; block < this.ends.length; block++) {
        cells.push((this.blocks.get(block) || (await this.unpack(block)))[column]);
      }
      return cells.flat();
    }
  }

  /* The rows of a renewed table: `from` counts, for each, through the texts that the page brought and then through fresh ones. */
  class Patched {
    constructor(first, fresh, from) {
      Object.assign(this, { first, fresh, from, count: from.length });
    }

    get small() { return this.first.small && this.fresh.small; }
    loadAll() { return both(this.first.loadAll(), this.fresh.loadAll()); }

    load(rows) {
      const places = rows.map((row) => this.from[row]);
      const known = this.first.count;
      return both(this.first.load(places.filter((place) => place < known)),
        this.fresh.load(places.filter((place) => place >= known).map((place) => place - known)));
    }

    at(column, row) {
      const place = this.from[row];
      return place < this.first.count ? this.first.at(column, place) : this.fresh.at(column, place - this.first.count);
    }

    row(fresh, first) {
      const row = fresh >= 0 ? this.from.indexOf(this.first.count + fresh) : -1;
      if (row >= 0) return row;
      if (fresh === undefined || first === undefined) return undefined;
      return first < 0 ? -1 : this.from.indexOf(first);
    }

    find(text) { return this.row(this.fresh.find(text), this.first.find(text)); }
    async seek(text) { return this.row(await this.fresh.seek(text), await this.first.seek(text)); }

    async all(column) {
      const cells = (await this.first.all(column)).concat(await this.fresh.all(column));
      return Array.from(this.from, (place) => cells[place]);
    }
  }

  const both = (one, other) => (one || other ? Promise.all([one, other]) : null);

  /* Sees to it that the row with this id, if there is one, is at hand. */
  function reach(texts, id) {
    const place = texts.find(id);
    if (place === undefined) return texts.seek(id).then((found) => (found < 0 ? null : texts.load([found])));
    return place < 0 ? null : texts.load([place]);
  }

  /* Goes on at once when there is nothing to wait for. */
  Rutter.after = (waiting, run) => (waiting ? Promise.resolve(waiting).then(run) : run());
  Object.assign(Rutter, { Patched, Texts, reach });
})((window.Rutter = window.Rutter || {}));
