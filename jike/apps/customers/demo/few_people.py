"""The invented key persons of one demo customer: whom one meets there, and who reports to whom."""

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any

from jike.foundation.demo_names import invented_name

__all__ = ["POSITIONS", "people_of"]

POSITIONS = (
    ("总经理", "管理层", "decider", "high"),
    ("信息中心主任", "信息中心", "influencer", "high"),
    ("采购经理", "采购部", "handler", "medium"),
    ("网络管理员", "信息中心", "user", "low"),
    ("财务经理", "财务部", "influencer", "medium"),
    ("行政主管", "综合管理部", "handler", "low"),
)
ATTITUDES = ("supporter", "friendly", "friendly", "neutral", "neutral", "reserved", "opposed", "unknown")
REMARKS = ("偏好邮件沟通", "每周三例会后有空", "对故障恢复时限很在意", "关注云与安全", "")


def people_of(random: Random, *, number: int, today: dt.date) -> Iterator[dict[str, Any]]:
    """Return one to five people; ``superior`` is the place of whom they report to, always an earlier one.

    Parameters
    ----------
    number
        The customer's number, from which telephone numbers follow.
    """
    count = random.choices((1, 2, 3, 4, 5), (10, 22, 34, 22, 12))[0]
    for place in range(count):
        title, department, role, influence = POSITIONS[place]
        yield {
            "name": invented_name(random),
            "job_title": title,
            "department": department,
            "role": role,
            "influence": influence,
            "attitude": random.choice(ATTITUDES),
            "phone": f"+86139{number * 10 + place:08}",
            "email": f"p{number * 10 + place}@kh{number + 1:04}.example",
            "wechat": f"jk{number:04}{place}" if random.random() < 0.4 else "",
            "birthday": _birthday(random, today) if random.random() < 0.5 else None,
            "remarks": random.choice(REMARKS),
            "spoken_on": today - dt.timedelta(days=int(random.expovariate(1 / 45)))
            if random.random() < 0.85
            else None,
            "superior": None if not place else 0 if place < 3 else 1,
        }


def _birthday(random: Random, today: dt.date) -> dt.date:
    """A day between 28 and 60 years ago, for some within the next days, so that there is somebody to congratulate."""
    age = random.randrange(28, 60)
    if random.random() < 0.1:
        coming = today + dt.timedelta(days=random.randrange(0, 10))
        return dt.date(coming.year - age, coming.month, min(coming.day, 28))
    return today - dt.timedelta(days=age * 365 + random.randrange(365))
