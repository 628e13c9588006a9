"""When things happen: the data set moved up to today, and working hours on the time line of one lead."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.demo.dice import Dice
from app.demo.packing import LAST_DAY

OPENING = time(13, 30)
"""Work starts on the East coast; all moments are in UTC."""
WORKDAY = timedelta(hours=8)
SATURDAY = 5


def moved(day: date, today: date) -> date:
    """A day of the data set, moved by whole weeks so that the last one lies in the week before today."""
    return day + timedelta(weeks=(today - LAST_DAY - timedelta(days=1)).days // 7)


def noon(day: date) -> str:
    """The moment that the data set gives to whatever happens on a day."""
    return f"{day}T12:00:00+00:00"


def text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def working(day: date, dice: Dice) -> datetime:
    """A moment in the working hours of a day."""
    seconds = int(WORKDAY.total_seconds() * dice.fraction())
    return datetime.combine(day, OPENING, UTC) + timedelta(seconds=seconds)


@dataclass(frozen=True)
class TimeLine:
    """The life of a lead: from its first day until yesterday things happen, and from tomorrow on are planned."""

    first: date
    today: date
    dice: Dice

    def past(self, margin: int = 0) -> datetime:
        """A moment at least `margin` days after the first day, and before today; later ones are likelier."""
        span = (self.today - self.first).days - margin - 1
        late = max(self.dice.fraction(), self.dice.fraction())
        return working(_weekday(self.first + timedelta(days=margin + 1 + int(span * late))), self.dice)

    @property
    def midnight(self) -> datetime:
        """The moment at which today began."""
        return datetime.combine(self.today, time(), UTC)

    def between(self, start: datetime, end: datetime) -> datetime:
        """A moment after `start` and, if they are a week apart, before `end`; on a working day."""
        days = (end.date() - start.date()).days - 3
        day = start.date() + timedelta(days=1 + int(days * self.dice.fraction()))
        return working(_next_weekday(day), self.dice)

    def recent(self, days: int) -> datetime:
        """A moment in the last days before today."""
        return working(_weekday(self.today - timedelta(days=self.dice.between(1, days))), self.dice)

    def coming(self, low: int, high: int) -> datetime:
        """A moment from `low` to `high` days after today, on a working day."""
        return working(_next_weekday(self.today + timedelta(days=self.dice.between(low, high))), self.dice)

    def before(self, moment: datetime, days: int) -> datetime:
        """A moment up to some days earlier, on a working day."""
        gap = timedelta(days=self.dice.between(0, days), minutes=self.dice.between(20, 200))
        earlier = moment - gap
        return earlier - timedelta(days=max(0, earlier.weekday() - SATURDAY + 1))


def _weekday(day: date) -> date:
    """The day itself, or the Friday before."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def _next_weekday(day: date) -> date:
    """The day itself, or the Monday after."""
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() >= SATURDAY else 0)
