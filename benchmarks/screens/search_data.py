"""Customers and key persons for the search bench: names like real ones in length and letters, rows made set-wise.

Most firms lie in the city that their name begins with, so that a city's name is frequent in its units and rare in
others: the hard case for a search within rights.
"""

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg
from django.db import models

from jike.foundation.scope import system_actor
from tests import databases

SYSTEM = system_actor("bench")

CITIES = [
    "广州",
    "深圳",
    "佛山",
    "东莞",
    "中山",
    "珠海",
    "江门",
    "惠州",
    "汕头",
    "湛江",
    "茂名",
    "肇庆",
    "清远",
    "韶关",
    "梅州",
    "潮州",
    "揭阳",
    "汕尾",
    "河源",
    "阳江",
    "云浮",
]
TRADES = [
    "科技",
    "电子",
    "贸易",
    "实业",
    "物流",
    "食品",
    "服饰",
    "家具",
    "建材",
    "机械",
    "智能装备",
    "信息技术",
    "网络",
    "软件",
    "文化传媒",
    "广告",
    "教育咨询",
    "医疗器械",
    "生物制药",
    "商业银行",
    "证券",
    "房地产开发",
    "建筑工程",
    "装饰设计",
    "物业管理",
    "港口",
    "长江航运",
    "汽车销售",
    "新能源",
    "环保",
    "农业",
    "水产",
    "印刷",
    "包装",
    "塑料",
    "五金",
    "照明",
    "陶瓷",
    "玩具",
    "珠宝",
    "酒店管理",
    "旅行社",
    "人力资源",
    "会计师事务所",
    "律师事务所",
    "供应链",
    "电力",
    "燃气",
    "水务",
    "公共交通",
    "高速公路",
    "出版",
    "检测",
]
FORMS = (
    ("有限公司", 62),
    ("股份有限公司", 8),
    ("集团有限公司", 6),
    ("分公司", 6),
    ("合作社", 3),
    ("中心", 5),
    ("学校", 3),
    ("医院", 2),
    ("厂", 5),
)
BRAND = (
    "安邦宝博昌辰诚驰传创达德鼎东恩飞丰福高冠光海汉航和恒弘宏华辉汇惠吉佳嘉建健金锦京晶景久巨凯康科坤兰乐立利联龙隆鲁"
    "美明铭能宁诺欧鹏启千前庆荣锐瑞润森山尚绅盛世顺思泰腾天通同万旺威维伟文沃希祥翔心新信兴星旭轩雅亚阳业亿艺益英盈永优宇"
    "禹玉元远悦云运泽展振正志智中众卓紫岚屿闽樾鹭汀榕鲤澜漳樱槿珩琛翊衡霖瀚曦岑沐"
)
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢"
    "蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文单解覃"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
    "华玉萍红玲芬燕彬云飞雪宇浩凯健俊帆雨晴梓涵欣怡子轩浩然诗琪佳怡知夏屿安书言晚砚舟"
)
TITLES = ("总经理", "信息部部长", "财务总监", "采购经理", "办公室主任", "网络管理员")


class Organisation(NamedTuple):
    """Ids of the units and people among whom the records are spread; the root first, then the cities."""

    units: list[int]
    people: list[int]


def make_organisation() -> Organisation:
    """Make a province of 1,000 units and 4,500 people, without posts."""
    from jike.apps.organisation.models import Person, Unit
    from jike.foundation.audit import creating_many

    (root,) = creating_many(
        Unit, [{"code": "P", "name": "广东公司", "level": "province"}], actor=SYSTEM
    ).written
    below = {"level": "city", "parent_id": root, "ancestors": [root]}
    cities = creating_many(
        Unit,
        [{"code": f"C{n}", "name": f"{city}分公司", **below} for n, city in enumerate(CITIES)],
        actor=SYSTEM,
    ).written
    rows = [
        {"code": f"G{n}", "name": f"网格{n}", "level": "grid", "parent_id": city, "ancestors": [root, city]}
        for n, city in zip(range(1000 - 1 - len(cities)), cities * 1000, strict=False)
    ]
    grids = creating_many(Unit, rows, actor=SYSTEM).written
    staff = [
        {
            "staff_no": f"S{n}",
            "name": f"王{n}",
            "unit_id": grids[n % len(grids)],
            "password": "!",
            "must_change_password": False,
        }
        for n in range(4500)
    ]
    return Organisation([root, *cities, *grids], creating_many(Person, staff, actor=SYSTEM).written)


def make_records(units: list[int], people: list[int], *, customers: int, persons: int) -> None:
    """Fill the customers' tables with rows that have searched fields and defaults."""
    from jike.apps.customers.models import Customer, KeyPerson

    with psycopg.connect(**databases.parameters("owner")) as link:
        _strip(link)
        link.execute(
            "CREATE TEMPORARY TABLE made_customer (id int, name text, code text, credit text, number int, phone text)"
        )
        with link.cursor() as cursor, cursor.copy("COPY made_customer FROM STDIN") as copy:
            for row in _customers(customers):
                copy.write_row(row)
        link.execute(
            "CREATE TEMPORARY TABLE made_person (id int, customer int, name text, phone text, title text)"
        )
        with link.cursor() as cursor, cursor.copy("COPY made_person FROM STDIN") as copy:
            for row in _persons(persons, customers):
                copy.write_row(row)
        arrays = {"units": units, "people": people}
        _insert(link, Customer, "made_customer AS made", arrays=arrays, given={
            "id": "made.id",
            "name": "made.name",
            "name_key": "made.name",
            "code": "made.code",
            "credit_code": "made.credit",
            "credit_code_confirmed": "TRUE",
            "certificate_number": "''",
            "phone": "made.phone",
            "unit_id": "(%(units)s::bigint[])[1 + made.number %% cardinality(%(units)s::bigint[])]",
            "owner_id": "(%(people)s::bigint[])[1 + made.id %% cardinality(%(people)s::bigint[])]",
        })  # fmt: skip
        _insert(link, KeyPerson, "made_person AS made", arrays=arrays, given={
            "id": "made.id",
            "name": "made.name",
            "name_key": "made.name",
            "customer_id": "made.customer",
            "phone": "made.phone",
            "job_title": "made.title",
        })  # fmt: skip
        for model in (Customer, KeyPerson):
            link.execute(f"ANALYZE {model._meta.db_table}")


def _strip(link: psycopg.Connection[Any]) -> None:
    """Drop indexes and foreign keys that a search does not use: the rows are there sooner."""
    statements = link.execute(
        "SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index WHERE NOT indisunique"
        " AND indrelid IN ('customers_customer'::regclass, 'customers_keyperson'::regclass)"
        " UNION ALL SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid IN ('customers_customer'::regclass, 'customers_keyperson'::regclass)"
    ).fetchall()
    for (statement,) in statements:
        link.execute(statement)


def _customers(count: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(7)
    forms, weights = zip(*FORMS, strict=True)
    seen: set[str] = set()
    for number in range(1, count + 1):
        place = min(int(chance.expovariate(0.22)), len(CITIES) - 1)
        while True:
            brand = "".join(chance.choices(BRAND, k=chance.choice((2, 2, 2, 3))))
            (form,) = chance.choices(forms, weights)
            city = CITIES[place] if chance.random() < 0.75 else "广东" if chance.random() < 0.2 else ""
            town = "市" if city and city != "广东" and chance.random() < 0.4 else ""
            name = f"{city}{town}{brand}{chance.choice(TRADES)}{form}"
            if name not in seen:
                break
        seen.add(name)
        spread = chance.randrange(48) * 21 + place if chance.random() < 0.9 else chance.randrange(1000)
        credit = f"914401{chance.randrange(10**11):011}X"
        yield number, name, f"GD{number:08}", credit, spread, f"020{chance.randrange(10**8):08}"


def _persons(count: int, customers: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(8)
    for number in range(1, count + 1):
        name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))
        phone = f"+861{chance.randrange(3 * 10**9, 10**10):010}"
        yield number, 1 + number % customers, name, phone, chance.choice(TITLES)


def _insert(
    link: psycopg.Connection[Any],
    model: type[models.Model],
    source: str,
    *,
    arrays: Any,
    given: dict[str, str],
) -> None:
    """Insert rows from ``source``: ``given`` expressions, and the model's defaults in every other column."""
    columns, values, bound = [], [], dict(arrays)
    for field in model._meta.concrete_fields:
        if field.attname not in given and (field.has_db_default() or field.null):
            continue
        columns.append(f'"{field.column}"')
        if field.attname in given:
            values.append(given[field.attname])
        elif field.attname == "uid":
            values.append("gen_random_uuid()")
        else:
            default = field.get_default() if field.has_default() else ""
            bound[field.attname] = default
            values.append(f"%({field.attname})s")
    with psycopg.ClientCursor(link) as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {source}",
            bound,
        )
