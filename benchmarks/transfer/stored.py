"""A province with a million customers, a share of them doubles of which the truth is known; and who works there."""

import gzip
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jike.engines.matching import Party, Truth, generated_truth

__all__ = ["Province", "province"]


@dataclass
class Province:
    """What the parts work on: the database's name, a folder for files, and a person who may do everything.

    Attributes
    ----------
    truth
        The parties as stored, in the order of their codes, and which of them are one.
    exported
        Uid of the unit whose customers are exported.
    """

    database: str
    folder: Path
    person: Any
    truth: Truth
    exported: Any


def province(
    report: Any, database: str, folder: Path, *, customers: int, exported: int, brands: str, seed: int
) -> Province:
    """Make people and units, and store about so many customers, a sixth of them doubles."""
    from benchmarks.ground.people import make_organisation
    from jike.apps.organisation.models import Person, Unit

    names = _brands(Path(brands)) if brands else ()
    truth = generated_truth(customers * 5 // 6, seed=seed, brands=names)
    organisation = make_organisation(report)
    unit = Unit.objects.get(pk=organisation.units[1])
    _store(truth, organisation.root, apart=(unit, exported))
    _make_keys(report)
    report.figure("customers stored", len(truth.parties), "customers")
    report.figure("doubles among them", len(truth.doubles), "pairs")
    person = Person.objects.get(pk=organisation.people[0])
    return Province(database, folder, person, truth, unit.uid)


def _make_keys(report: Any) -> None:
    from django.db import connection

    from jike.apps.customers.models import Customer
    from jike.foundation.matching import rekey_all

    begun = time.perf_counter()
    rows = rekey_all(Customer)
    report.figure("keys of all customers made anew", time.perf_counter() - begun, "s")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), pg_total_relation_size('foundation_matchkey') FROM foundation_matchkey"
        )
        count, size = cursor.fetchone()
        report.figure("keys a customer", count / rows, "keys")
        report.figure("keys with their indexes", size / 2**20, "MiB")
        cursor.execute("ANALYZE foundation_matchkey")


def _brands(path: Path) -> Sequence[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [name for line in lines if 2 <= len(name := line.strip()) <= 6]


def _store(truth: Truth, root: Any, *, apart: tuple[Any, int]) -> None:
    """Store the parties in the root unit, the first of them in a unit apart, with their search entries."""
    from django.db import connection
    from psycopg.types.json import Jsonb

    from benchmarks.screens.search_data import SYSTEM
    from jike.apps.customers.models import Customer
    from jike.foundation.audit import load_records, loading
    from jike.foundation.search.rebuilding import index_all

    blank = Customer(unit=root)
    fields = [f for f in Customer._meta.concrete_fields if f.attname not in ("id", "version")]
    names = [f.attname for f in fields]
    same = {f.attname: f.get_db_prep_save(getattr(blank, f.attname), connection) for f in fields}
    same |= {name: "{}" for name, value in same.items() if value == [] or isinstance(value, Jsonb)}
    unit, number = apart
    with loading(Customer):
        rows = (
            tuple((same | own | ({"unit_id": unit.pk} if place < number else {}))[name] for name in names)
            for place, own in enumerate(_rows(truth.parties))
        )
        load_records(Customer, names, rows, actor=SYSTEM)
    index_all(Customer)


def _rows(parties: Sequence[Party]) -> Iterator[dict[str, Any]]:
    """Give rows in the order of the parties; names are told apart by dots, as the table holds each only once."""
    from jike.values.identifiers import uid7
    from jike.values.pinyin import sort_key

    seen: dict[str, int] = {}
    for number, party in enumerate(parties):
        name = party.companies[0].strip()
        times = seen[name] = seen.get(name, 0) + 1
        stored = name + "." * (times - 1)
        details = [
            (values or ("",))[0] for values in (party.codes, party.phones, party.addresses, party.domains)
        ]
        own = dict(zip(("credit_code", "phone", "address", "domain"), details, strict=True))
        own |= {"name_key": sort_key(stored), "region": party.region}
        yield own | {"uid": uid7(), "code": f"B{number:08}", "name": stored}
