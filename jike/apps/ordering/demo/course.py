"""How an order's item went: when each step began and ended, as far as the present moment."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from jike.apps.ordering.actions.placing import CALENDAR
from jike.apps.ordering.rules import RENT, ItemAction, Planned, Step, TaskState, plan_of

__all__ = ["Course", "Run", "course_of", "morning", "ran_at"]

FALLOUTS = (
    "机房无空闲端口，待扩容",
    "客户现场未具备施工条件",
    "管道不通，需协调市政开挖",
    "客户联系人出差，无法进场",
    "设备到货延期",
)
RESULTS = {
    Step.SURVEY: "现场具备接入条件，距接入点 {n}0 米",
    Step.CONSTRUCTION: "光缆已布放，共 {n}00 米",
    Step.TEST: "测试合格，丢包率 0.0{n}%",
    Step.FIRST_ACCEPTANCE: "客户已签初验单",
    Step.FINAL_ACCEPTANCE: "客户已签终验单",
}


@dataclass(frozen=True)
class Run:
    """One step: planned, and how it went."""

    planned: Planned
    state: TaskState
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    result: str = ""
    fallout: str = ""


@dataclass
class Course:
    """The steps of an item and the day on which its rent began, changed or ended; None while it is under way."""

    runs: list[Run] = field(default_factory=list)
    effect: dt.date | None = None

    @property
    def promised(self) -> dt.datetime:
        """When its last step is due."""
        return max(run.planned.due_at for run in self.runs)

    @property
    def ended(self) -> dt.datetime | None:
        """When its last step ended; None while it is under way."""
        ends = [run.finished_at for run in self.runs]
        return None if None in ends else max(one for one in ends if one is not None)

    @property
    def failed(self) -> bool:
        """Whether a step has failed."""
        return any(run.state is TaskState.FAILED for run in self.runs)


def morning(day: dt.date, *, hours: float = 1) -> dt.datetime:
    """Return the moment after so many working hours from the morning of the day on."""
    start = dt.datetime.combine(day, dt.time(0), tzinfo=CALENDAR.zone)
    return CALENDAR.add_working_time(start, dt.timedelta(hours=hours)).at


def course_of(
    action: ItemAction,
    family: str,
    *,
    start: dt.datetime,
    now: dt.datetime,
    random: Random,
    slow: bool = False,
) -> Course:
    """Plan the steps of an item submitted at ``start``, and let them go on until ``now``."""
    course, ends = Course(), dict[Step, dt.datetime]()
    previous: dict[Step, dt.datetime] = {}
    for one in plan_of(action, family, start=start, calendar=CALENDAR):
        begins = max((ends[step] for step in one.after), default=start)
        due_from = max((previous[step] for step in one.after), default=start)
        previous[one.step] = one.due_at
        usual = CALENDAR.working_time_between(due_from, one.due_at).time
        begins = CALENDAR.add_working_time(begins, dt.timedelta(minutes=random.randrange(5, 90))).at
        ends[one.step] = CALENDAR.add_working_time(begins, usual * _pace(random, slow=slow)).at
        course.runs.append(_run(one, begins, ends[one.step], now=now, course=course, random=random))
        if one.step in RENT and ends[one.step] <= now:
            course.effect = ran_at(ends[one.step])
    return course


def ran_at(moment: dt.datetime) -> dt.date:
    """Return the local day of a moment."""
    return moment.astimezone(CALENDAR.zone).date()


def _pace(random: Random, *, slow: bool) -> float:
    if slow:
        return random.uniform(1.2, 3.5)
    return random.uniform(1.4, 2.4) if random.random() < 0.07 else random.uniform(0.35, 0.95)


def _run(
    one: Planned, begins: dt.datetime, ends: dt.datetime, *, now: dt.datetime, course: Course, random: Random
) -> Run:
    done = {run.planned.step for run in course.runs if run.state is TaskState.DONE}
    if ends <= now:
        result = RESULTS.get(one.step, "").format(n=random.randrange(1, 9))
        return Run(one, TaskState.DONE, begins, ends, result=result)
    if not done.issuperset(one.after):
        return Run(one, TaskState.WAITING, None, None)
    if begins > now:
        return Run(one, TaskState.READY, None, None)
    if random.random() < 0.25:
        return Run(one, TaskState.FAILED, begins, None, fallout=random.choice(FALLOUTS))
    return Run(one, TaskState.RUNNING, begins, None)
