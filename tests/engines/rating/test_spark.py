"""Spark computes the same expressions to the same sums; left out only where Java or pyspark is absent."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jike.engines import rating
from jike.engines.rating.generator import Shape, generate
from tests.engines.rating.portfolios import MONTH, line_charges, rows

PLAN = rating.loads("""
name: far
zones: [{name: near, prefixes: ["0571", "138"]}, {name: far, prefixes: ["010", "1390571"]}]
windows:
  - {name: busy, spans: [{days: [workday], from: "08:00", to: "20:00"}]}
  - {name: quiet, spans: [{days: [workday], from: "20:00", to: "08:00"}, {days: [weekend, holiday]}]}
items:
  - name: near
    service: voice
    per: 60
    minimum: 60
    step: 6
    rules: [{zones: [near]}]
    tiers: {kind: graduated, bands: [{up_to: 3000, price: "0.15"}, {price: "0.11"}]}
  - name: far
    service: voice
    per: 60
    minimum: 60
    step: 60
    rules: [{windows: [busy], price: "0.31"}, {price: "0.2"}]
  - {name: data, service: data, per: 1024, price: "0.29", round: {to: li, at: record}}
allowances: [{name: free, of: [near], quantity: 300, pooled: true}]
fees: [{name: rent, price: "31"}]
adjustments:
  - {name: committed, kind: commitment, scope: customer, sum: "500", ratio: "0.9", of: [near, far, data, rent]}
""")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17, which is not installed: its run is left out")
    sql = pytest.importorskip("pyspark.sql", reason="the optional extra jike[spark] is not installed")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "768m",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.session.timeZone": "UTC",
        "spark.log.level": "ERROR",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.adaptive.enabled": "false",
    }
    builder = sql.SparkSession.builder.master("local[1]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    found = builder.getOrCreate()
    logging.getLogger("py4j").setLevel(logging.CRITICAL)  # it logs on closed streams while the process ends
    yield found
    found.stop()


@pytest.mark.filterwarnings("ignore")  # pyspark's own use of pandas and sockets
def test_spark_gives_the_same_sums(session: Any, tmp_path: Path) -> None:
    people = generate(
        tmp_path, MONTH, Shape(1_000, 20, ["0571", "010", "1390571", "138", "7"], members_each=6)
    )
    files = [str(f) for part in rating.months_in(tmp_path).values() for f in part]
    problem = rating.Problem(PLAN, rating.admit(files), people, MONTH)
    here = rating.rate(problem)
    far = rating.rate(problem, backend=rating.Spark(session))
    assert (far.total, far.rated, far.unrated) == (here.total, here.rated, here.unrated)
    assert here.rated > 500
    assert line_charges(far) == line_charges(here)
    assert rows(far.usage.select(here.usage.column_names)) == rows(here.usage)
