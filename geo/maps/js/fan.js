/* Fan: events at one place, or too near each other for this zoom, side by side so that each can be seen and picked. */
(function (Rutter) {
  "use strict";

  const MARK_PX = 6;
  const NEAR_PX = 9; // marks closer than this fan out
  const SLOT_PX = 13.5;
  const MOST_FANNED = 19;
  const FEW_GROUPS = 300;
  const OVERLAP = 0.7;

  /* Places around a common point: a mark in the middle, six around it, twelve around those. */
  const SLOTS = [[0, 0]];
  for (let ring = 1; ring <= 2; ring++) {
    for (let k = 0; k < 6 * ring; k++) {
      const angle = ((k / (6 * ring)) * 2 - 0.5) * Math.PI;
      SLOTS.push([ring * SLOT_PX * Math.cos(angle), ring * SLOT_PX * Math.sin(angle)]);
    }
  }

  function slots(n) {
    if (n === 1) return [[0, 0]];
    if (n > 6) return SLOTS.slice(0, n);
    const r = SLOT_PX / 2 / Math.sin(Math.PI / n);
    const turn = n === 2 ? 0 : -Math.PI / 2;
    const angles = Array.from({ length: n }, (_, k) => turn + (2 * Math.PI * k) / n);
    return angles.map((angle) => [r * Math.cos(angle), r * Math.sin(angle)]);
  }

  /* Events whose marks would cover each other, gathered around the middle of their places: [{x, y, members}]. */
  function groups(px, py, count, time) {
    const cells = new Map();
    const found = [];
    for (let k = 0; k < count; k++) {
      const cx = Math.floor(px[k] / NEAR_PX);
      const cy = Math.floor(py[k] / NEAR_PX);
      let home = null;
      for (let dx = -1; dx <= 1 && !home; dx++) {
        for (let dy = -1; dy <= 1 && !home; dy++) {
          const near = cells.get((cx + dx) * 65536 + cy + dy);
          home = near && near.find((group) => Math.hypot(group.ax - px[k], group.ay - py[k]) < NEAR_PX);
        }
      }
      if (home) home.members.push(k);
      else {
        home = { ax: px[k], ay: py[k], members: [k] };
        found.push(home);
        const key = cx * 65536 + cy;
        if (cells.has(key)) cells.get(key).push(home);
        else cells.set(key, [home]);
      }
    }
    for (const group of found) {
      const { members } = group;
      [group.x, group.y] = [group.ax, group.ay];
      if (members.length === 1) continue;
      group.x = members.reduce((sum, k) => sum + px[k], 0) / members.length;
      group.y = members.reduce((sum, k) => sum + py[k], 0) / members.length;
    }
    const list = gather(found);
    for (const { members } of list) if (members.length > 1) members.sort((a, b) => time(a) - time(b) || a - b);
    return list;
  }

  function reach(n) {
    return n === 1 ? MARK_PX : n <= 7 ? SLOT_PX + MARK_PX : n <= MOST_FANNED ? 2 * SLOT_PX + MARK_PX : 18;
  }

  /* Fans that would cover each other become one, as long as there are few enough to compare. */
  function gather(found) {
    const list = found.slice().sort((a, b) => b.members.length - a.members.length);
    for (let a = 0; a < list.length && list.length < FEW_GROUPS; a++) {
      for (let b = a + 1; b < list.length; b++) {
        const [one, two] = [list[a], list[b]];
        const [n, m] = [one.members.length, two.members.length];
        if (n + m < 3 || Math.hypot(one.x - two.x, one.y - two.y) > OVERLAP * (reach(n) + reach(m))) continue;
        one.x = (n * one.x + m * two.x) / (n + m);
        one.y = (n * one.y + m * two.y) / (n + m);
        one.members.push(...two.members);
        list.splice(b, 1);
        b = a;
      }
    }
    return list;
  }

  /* A slot for each member, as near to its true place as one is free; those in the middle in order of time. */
  function places({ x, y, members }, px, py) {
    const free = slots(members.length);
    const away = members.map((k) => Math.hypot(px[k] - x, py[k] - y));
    const order = members.map((_, m) => m).sort((a, b) => Math.round(away[b] - away[a]) || a - b);
    const chosen = [];
    for (const m of order) {
      const k = members[m];
      let best = 0;
      if (away[m] > 1) {
        const far = free.map(([dx, dy]) => Math.hypot(x + dx - px[k], y + dy - py[k]));
        best = far.indexOf(Math.min(...far));
      }
      [chosen[m]] = free.splice(best, 1);
    }
    return chosen;
  }

  Rutter.fan = { MARK_PX, MOST_FANNED, groups, places };
})((window.Rutter = window.Rutter || {}));
