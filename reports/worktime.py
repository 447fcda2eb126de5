"""Working time between many moments: what `cases.calendar.between` says, of each in a microsecond."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from math import inf

from cases.rules.working_time import Calendar


class WorkTime:
    """The stretches of work of a calendar from one year to another, added up once."""

    def __init__(self, calendar: Calendar, first: datetime, last: datetime) -> None:
        # Before all of them lies one without any work, so that every moment lies in one or behind it.
        self._opens, self._lengths, self._before = [-inf], [0.0], [0.0]
        total = 0.0
        zone = calendar.zone
        for number in range(first.astimezone(zone).year, last.astimezone(zone).year + 1):
            year = calendar.year(number)
            for opens, closes in zip(year.opens, year.closes, strict=True):
                length = (closes - opens).total_seconds()
                self._opens.append(opens.timestamp())
                self._lengths.append(length)
                self._before.append(total)
                total += length

    def between(self, begins: Iterable[float], ends: Iterable[float]) -> array[float]:
        """Working seconds from each of these moments to its end, in seconds since 1970; none back in time.

        Written out, for it is done for every case three times.
        """
        opens, lengths, before = self._opens, self._lengths, self._before
        worked = array("d")
        for begin, end in zip(begins, ends, strict=True):
            if end <= begin:
                worked.append(0.0)
                continue
            first = bisect_right(opens, begin) - 1
            last = bisect_right(opens, end, first) - 1
            of_first, of_last = begin - opens[first], end - opens[last]
            of_first = min(of_first, lengths[first])
            of_last = min(of_last, lengths[last])
            worked.append(before[last] + of_last - before[first] - of_first)
        return worked
