/* Calendar: UTC steps, and dates and windows in words. Half-open intervals are written with their last day.
   `setZone("local")` changes words and marks of the axis only; what is known to the day stays the day it was written. */
(function (Rutter) {
  "use strict";

  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December"];

  const FIXED = { millisecond: 1, second: SECOND, minute: MINUTE, hour: HOUR, day: DAY, week: 7 * DAY };
  const IN_MONTHS = { month: 1, quarter: 3, year: 12, decade: 120, century: 1200 };
  const LENGTH = { ...FIXED };
  for (const [unit, months] of Object.entries(IN_MONTHS)) LENGTH[unit] = months * 30.436875 * DAY;
  const UNITS = Object.keys(LENGTH);
  const MONDAY = 4 * DAY; // 1970-01-05

  function utc(year, month, day = 1) {
    const date = new Date(0);
    date.setUTCFullYear(year, month, day); // Date.UTC() takes the years 0 to 99 for 1900 to 1999
    return date.getTime();
  }

  /* The last boundary of a unit (or of a multiple of it) at or before t. */
  function floor(t, unit, every = 1) {
    if (unit in IN_MONTHS) {
      const size = IN_MONTHS[unit] * every;
      const date = new Date(t);
      const months = date.getUTCFullYear() * 12 + date.getUTCMonth();
      return utc(0, Math.floor(months / size) * size);
    }
    const size = FIXED[unit] * every;
    const origin = unit === "week" ? MONDAY : 0;
    return Math.floor((t - origin) / size) * size + origin;
  }

  function add(t, unit, n) {
    if (!(unit in IN_MONTHS)) return t + n * FIXED[unit];
    const date = new Date(t);
    const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + n * IN_MONTHS[unit];
    const last = new Date(utc(0, months + 1, 0)).getUTCDate();
    const day = Math.min(date.getUTCDate(), last);
    return utc(0, months, day) + (((t % DAY) + DAY) % DAY);
  }

  function ceil(t, unit, every = 1) {
    const low = floor(t, unit, every);
    return low === t ? t : add(low, unit, every);
  }

  const pad = (n, width = 2) => String(n).padStart(width, "0");
  let local = false;

  /* A moment as the clock on the wall has it, counted as if that were UTC; and back. */
  const onWall = (t) => (local ? t - new Date(t).getTimezoneOffset() * MINUTE : t);

  function offWall(wall) {
    if (!local) return wall;
    const date = new Date(wall);
    const back = new Date(0);
    back.setFullYear(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
    back.setHours(date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds());
    return back.getTime();
  }

  const wall = {
    add: (t, unit, n) => offWall(add(onWall(t), unit, n)),
    ceil: (t, unit, every) => offWall(ceil(onWall(t), unit, every)),
    floor: (t, unit, every) => offWall(floor(onWall(t), unit, every)),
  };

  function zoneWords(t) {
    if (!local) return "UTC";
    const minutes = Math.round((onWall(t) - t) / MINUTE);
    const rest = Math.abs(minutes) % 60;
    return `UTC${minutes < 0 ? "−" : "+"}${Math.floor(Math.abs(minutes) / 60)}${rest ? `:${pad(rest)}` : ""}`;
  }

  function inUtc(run) {
    const before = local;
    local = false;
    try {
      return run();
    } finally {
      local = before;
    }
  }

  const midnight = (t) => onWall(t) % DAY === 0;

  function parts(t) {
    const date = new Date(onWall(t));
    return { year: date.getUTCFullYear(), month: date.getUTCMonth(), day: date.getUTCDate(), date };
  }

  function clock(t) {
    const { date } = parts(t);
    let text = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`;
    if (date.getTime() % MINUTE) text += `:${pad(date.getUTCSeconds())}`;
    if (date.getTime() % SECOND) text += `.${pad(date.getUTCMilliseconds(), 3)}`;
    return text;
  }

  function dayWords(t, short) {
    const { year, month, day } = parts(t);
    return `${day} ${short ? MONTHS[month].slice(0, 3) : MONTHS[month]} ${year}`;
  }

  const moment = (t, short) => `${dayWords(t, short)}, ${clock(t)}`;

  /* First to last day, saying month and year once where they are the same. */
  function dayRange(first, last, short) {
    const a = parts(first);
    const b = parts(last);
    const name = (m) => (short ? MONTHS[m].slice(0, 3) : MONTHS[m]);
    if (a.year === b.year && a.month === b.month && a.day === b.day) return dayWords(first, short);
    const end = dayWords(last, short);
    if (a.year !== b.year) return `${dayWords(first, short)} – ${end}`;
    if (a.month !== b.month) return `${a.day} ${name(a.month)} – ${end}`;
    return `${a.day}–${b.day} ${name(b.month)} ${b.year}`;
  }

  /* An interval of the data in words, with how exactly it is known. */
  function when(start, end, precision) {
    if (!(start <= end)) return "No date";
    if (precision !== "exact" && start % DAY === 0 && end % DAY === 0) return inUtc(() => days(start, end, precision));
    if (start === end) return `${moment(start)} ${zoneWords(start)}`;
    const sameDay = wall.floor(start, "day") === wall.floor(end, "day");
    return `${moment(start)} – ${sameDay ? clock(end) : moment(end)} ${zoneWords(end)}`;
  }

  function days(start, end, precision) {
    const last = Math.max(start, end - 1);
    const { year, month } = parts(start);
    const whole = (unit) => precision === unit && floor(start, unit) === start && add(start, unit, 1) === end;
    if (whole("year")) return `${year} (year)`;
    if (whole("quarter")) return `Q${month / 3 + 1} ${year} (quarter)`;
    if (whole("month")) return `${MONTHS[month]} ${year} (month)`;
    const range = dayRange(start, last, false);
    return precision && precision !== "day" ? `${range} (${precision})` : range;
  }

  const plural = (n, word) => `${n.toLocaleString("en-GB")} ${word}${n === 1 ? "" : "s"}`;

  /* A window in words: both ends at midnight are written as days, anything finer with its time. */
  function windowWords(t0, t1) {
    const [first, last] = [zoneWords(t0), zoneWords(t1)];
    if (midnight(t0) && midnight(t1)) return dayRange(t0, Math.max(t0, t1 - 1), true) + (local ? ` (${last})` : "");
    const short = wall.floor(t0, "day") === wall.floor(t1, "day");
    return `${moment(t0, true)}${first === last ? "" : ` ${first}`} – ${short ? clock(t1) : moment(t1, true)} ${last}`;
  }

  function lengthWords(ms) {
    if (ms < 2 * MINUTE) return plural(Math.round(ms / SECOND), "second");
    if (ms < 2 * HOUR) return plural(Math.round(ms / MINUTE), "minute");
    if (ms < 2 * DAY && ms % DAY) return plural(Math.round(ms / HOUR), "hour");
    if (ms < 1000 * DAY) return plural(Math.round(ms / DAY), "day");
    const years = ms / LENGTH.year;
    return years < 10 ? `${years.toFixed(1).replace(".0", "")} years` : plural(Math.round(years), "year");
  }

  /* A mark of the axis; `major` marks carry the larger unit. */
  function tickWords(t, unit) {
    const { year, month, day } = parts(t);
    if (unit === "year" || unit === "decade" || unit === "century") return String(year);
    if (unit === "month" || unit === "quarter") return month === 0 ? String(year) : MONTHS[month].slice(0, 3);
    if (unit === "week" || unit === "day") {
      return day === 1 && month === 0 ? String(year) : `${day} ${MONTHS[month].slice(0, 3)}`;
    }
    return midnight(t) ? `${day} ${MONTHS[month].slice(0, 3)}` : clock(t);
  }

  const iso = (t) => new Date(t).toISOString();

  /* A day, with its time unless it is midnight. */
  const momentWords = (t) => (midnight(t) ? dayWords(t) : `${moment(t)} ${zoneWords(t)}`);

  Rutter.calendar = { DAY, LENGTH, UNITS, MONTHS, add, ceil, clock, floor, iso, lengthWords, midnight, momentWords, offWall,
    onWall, parts, plural, tickWords, wall, when, windowWords, zoneWords,
    dayWords: (t, short) => inUtc(() => dayWords(t, short)),
    isLocal: () => local,
    setZone: (name) => (local = name === "local") };
})((window.Rutter = window.Rutter || {}));
