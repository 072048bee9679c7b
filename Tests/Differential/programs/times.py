# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### Dates
from datetime import date, timedelta
d = date(2024, 2, 28)
#### continued
print(d + timedelta(2), d.replace(year=2023) + timedelta(1), (date(2025, 1, 1) - d).days, d.isocalendar(),
      d.weekday(), d.toordinal(), d.timetuple().tm_yday)
print(date.fromisoformat("2020-W05-3"), date.fromordinal(1), date.max, d.strftime("%a %d %b %Y %j %U"),
      d < date(2024, 3, 1), date.fromisoformat("20200131"))

#### Times and spans
from datetime import datetime, time, timedelta
t = datetime(2024, 12, 31, 23, 59, 59, 999999)
#### continued
print(t + timedelta(microseconds=1), t.isoformat(), t.isoformat(sep=" ", timespec="minutes"), t.time(),
      datetime.combine(t.date(), time(1, 2)))
s = timedelta(days=-1, hours=5, seconds=0.5)
print(s, repr(s), s.total_seconds(), abs(s), s // timedelta(hours=1), s * 2.5,
      divmod(timedelta(hours=7), timedelta(hours=2)), timedelta(weeks=1) / 2)

#### Time zones by offset
from datetime import datetime, timedelta, timezone
tz = timezone(timedelta(hours=5, minutes=30), "IST")
t = datetime(2024, 1, 1, 0, 0, tzinfo=tz)
#### continued
print(t, t.astimezone(timezone.utc), t.utcoffset(), t.tzname(),
      t == datetime(2023, 12, 31, 18, 30, tzinfo=timezone.utc), t.timestamp(), t.strftime("%z %Z"))
try:
    t < datetime(2024, 1, 1)
except TypeError as error:
    print(error)

#### Parsing and formatting times
from datetime import datetime
texts = [("2024-05-06 07:08:09.123456", "%Y-%m-%d %H:%M:%S.%f"), ("06/May/24 11PM", "%d/%b/%y %I%p"),
    ("Mon 01 2024 +0200", "%a %m %Y %z"), ("2024 100", "%Y %j")]
#### continued
for text, form in texts:
    print(repr(datetime.strptime(text, form)))
for text in "2024-01-02T03:04:05Z", "2024-01-02T03:04:05.678+01:00", "20240102T030405", "2024-01-02":
    print(repr(datetime.fromisoformat(text)))
for bad, form in ("2024-13-01", "%Y-%m-%d"), ("x", "%Y"), ("2001 2", "%Y"):
    try:
        datetime.strptime(bad, form)
    except ValueError as error:
        print(error)

#### Points in time as numbers
from datetime import datetime, timezone
#### continued
t = datetime.fromtimestamp(1_700_000_000.25, timezone.utc)
print(t, t.timestamp(), datetime.fromtimestamp(0, timezone.utc), datetime.fromtimestamp(-1.5, timezone.utc),
      datetime(1, 1, 1).toordinal())
try:
    datetime.fromtimestamp(1e18, timezone.utc)
except (ValueError, OverflowError, OSError):
    print("out of range")

#### Limits of dates
from datetime import date, datetime, time, timedelta
calls = [lambda: date(2023, 2, 29), lambda: datetime(2023, 1, 1, 24), lambda: date.max + timedelta(1),
    lambda: timedelta(days=10 ** 10), lambda: time(0, 60), lambda: date.fromisoformat("2023-1-1")]
#### continued
for call in calls:
    try:
        print(call())
    except (ValueError, OverflowError) as error:
        print(type(error).__name__, error)

#### The module time
import time
t = time.gmtime(1_700_000_000)
#### continued
print(t, time.strftime("%Y-%m-%dT%H:%M:%SZ", t), time.asctime(t), time.strptime("5 Nov 2020", "%d %b %Y").tm_wday,
      t.tm_yday, tuple(time.gmtime(0)))
a = time.monotonic()
time.sleep(0.002)
print(time.monotonic() - a >= 0.002, time.time() > 1.6e9, time.perf_counter_ns() > 0)

#### Calendars
import calendar
c = calendar.TextCalendar(calendar.MONDAY)
#### continued
print(c.formatmonth(2024, 2), calendar.isleap(2100), calendar.monthrange(2023, 2), calendar.leapdays(2000, 2025),
      calendar.timegm((1970, 1, 2, 0, 0, 0)))
print(calendar.monthcalendar(2024, 9)[0], list(calendar.Calendar(6).itermonthdates(2024, 2))[:2],
      calendar.day_name[0], calendar.Month.MAY.name)

#### A time zone of one's own
from datetime import datetime, timedelta, timezone, tzinfo
class Zone(tzinfo):
    def utcoffset(self, t): return timedelta(hours=2 if self.summer(t) else 1)
    def dst(self, t): return timedelta(hours=1 if self.summer(t) else 0)
    def tzname(self, t): return "S" if self.summer(t) else "W"
    def summer(self, t): return 4 <= t.month <= 9
z = Zone()
#### continued
for month in 1, 6:
    t = datetime(2024, month, 1, 12, tzinfo=z)
    print(t, t.tzname(), t.astimezone(timezone.utc), t.dst(),
          datetime(2024, month, 1, tzinfo=timezone.utc).astimezone(z))

#### zoneinfo from a file of one's own
import os, struct, zoneinfo
os.makedirs("zones/My")
# One change, from +1:00 "A" to +2:00 "B" in summer, at the time 1,000,000,000.
body = lambda size: struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 1, 2,
    4) + struct.pack(">l" if size == 4 else ">q", 10 ** 9) + b"\x01" + struct.pack(">lbb", 3600, 0,
        0) + struct.pack(">lbb", 7200, 1, 2) + b"A\0B\0"
with open("zones/My/Zone", "wb") as f:
    f.write(body(4) + body(8) + b"\nA-1\n")
zoneinfo.reset_tzpath([os.path.abspath("zones")])
zone = zoneinfo.ZoneInfo("My/Zone")
#### continued
from datetime import datetime, timezone
for second in 999_999_999, 1_000_000_000:
    t = datetime.fromtimestamp(second, zone)
    print(t, t.tzname(), t.dst(), t.astimezone(timezone.utc))
print(zone, zoneinfo.available_timezones() & {"My/Zone"})
try:
    zoneinfo.ZoneInfo("No/Where")
except zoneinfo.ZoneInfoNotFoundError as error:
    print(error)

#### Scheduling
import sched
now = 0
def wait(seconds):
    global now
    now += seconds
s = sched.scheduler(lambda: now, wait)
for delay, name in (5, "late"), (1, "early"), (3, "middle"):
    s.enter(delay, 1, print, (name, delay))
cancelled = s.enter(2, 1, print, ("never",))
#### continued
s.cancel(cancelled)
print(len(s.queue))
s.run()
print(now)

#### Pickles and copies of times
import copy, pickle
from datetime import *
values = [date(2020, 1, 1), time(1, 2, 3), datetime(2020, 1, 1, tzinfo=timezone.utc), timedelta(5),
    timezone(timedelta(hours=1))]
data = pickle.dumps(values)
#### continued
print(pickle.loads(data) == values == copy.deepcopy(values),
      [hash(v) == hash(w) for v, w in zip(values, pickle.loads(data))], values)

#### Email and HTTP dates
from email.utils import format_datetime, formatdate, mktime_tz, parsedate_to_datetime, parsedate_tz
from datetime import datetime, timezone
#### continued
print(format_datetime(datetime(2024, 1, 2, tzinfo=timezone.utc), usegmt=True),
      parsedate_to_datetime("Tue, 02 Jan 2024 03:04:05 -0500"), formatdate(0),
          mktime_tz(parsedate_tz("Thu, 01 Jan 1970 00:00:05 +0000")))

#### Ages
from datetime import date
born = [date(2000, 2, 29), date(1999, 12, 31)]
def age(b, on): return on.year - b.year - ((on.month, on.day) < (b.month, b.day))
#### continued
print([age(b, date(2024, 2, 28)) for b in born], [age(b, date(2024, 2, 29)) for b in born])
