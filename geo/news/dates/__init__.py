"""Dates in the words of news: `Thursday`, `late August`, `between September 7 and October 1` to stretches of time.

Languages: English thoroughly; the common forms of Russian (`13 сентября 2023 года`, `в четверг`, `два дня назад`) and
Korean (`9월 13일`, `지난달`, `오는 20일`); of Chinese and Japanese only figures with 年月日; ISO 8601 in any.

How it is done: a text becomes one letter for each word (`stream`), a date a regular expression over those letters
(`grammar`, `data/news/dates/forms.csv`), found in layers, so that `late August` is a word of `from late August to May
9`. The longest reading wins. Dates in figures, named days and East Asian dates are found in the characters
(`numeric`, `named`, `east_asian`). Then each is read (`plain`, `relative`, `weekdays`, `composed`), from the day of
publication and in the tense of its sentence (`at`, `tense`).

What is decided where words leave it open:

- A day is that day in UTC; only a time with a zone gives a moment. Moscow, Vladivostok and Pyongyang time count since
  they were last changed; before that the day is given.
- Without a year, a date in the past tense is the last that has begun (one day of grace, for zones), in the future
  tense the first that is not over; where no verb tells, the nearer of the two; where its weekday stands
  beside it, a year in which both agree. Beside `anniversary` it is of the year of publication.
- `Thursday` is the last up to and including the day of publication, to come the first from it; `last Thursday` and
  `next Thursday` are not that day itself. `next weekend` is the first to begin.
- `last week`, `two months ago`, `a year later` are whole weeks (from Monday), months and years of the calendar; `the
  past three weeks` and `the last week` with the article are the days up to that of publication.
- Early, mid and late are thirds: of a month the 1st to 10th, 11th to 20th and the rest; of a year January to April,
  May to August, September to December; of a decade the years 0 to 3, 4 to 6, 7 to 9. Start, middle and end are the
  same.
- Seasons are of the northern hemisphere, three whole months from March on; `winter 2023` may be either winter.
- `since` runs up to publication. `until May` and `by May` are May: the end is known, the beginning is not.
- Where words fit two days (`03/04/2023`), the interval runs from one to the other and `known` names both.
- A publication known only as a month or year is tried with its first and its last day; what both give is known.
- `two days later` is counted from the date read before; where that is longer than the unit, it stays unknown.
- February 30 is in no calendar and is left out whole.
- Four digits are a year only where words around say so (`in 2019`, `the 2018 summit`, `(1953)`), and not before what
  is counted (`2000 tons`). May, March, April, June, August and short names need a day, a year or a preposition.

Not read: hours and minutes ago, movable feasts, lunar dates, `fiscal 2023` as other than the year, `9/13` without a
year.

Why not a library: of the 304 dates with an interval in `tests/golden/date_phrases.csv`, `search_dates` of dateparser
1.5.0, told the language and the day of publication, gave a moment inside the interval for 155, and it found dates in
28 of the 39 sentences that hold none. It gives moments, not stretches, and no sign of what is uncertain.
The table is ours and was written beside this reader, so it favours it.
"""

from geo.news.dates.finder import find_dates, find_dates_in

__all__ = ["find_dates", "find_dates_in"]
