"""What a record's head offers: side by side where there is room, the rest in a menu, at a desk and on a telephone."""

import re
from collections.abc import Sequence

import pytest
from django.urls import reverse

from jike.foundation.pages.resources.acts import Act, Acts
from tests.foundation.listed import World, a_world, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_world(customers=1)


def labels(acts: Sequence[Act], where: str) -> list[str]:
    return [act.address for act in acts if getattr(act, where)]


def test_each_act_stands_either_beside_the_others_or_in_the_menu_on_both_kinds_of_screen(world: World):
    row = world.customers[0]
    page = browser(world.head).get(reverse("resource:record", args=["customers", row.uid]))
    acts: Acts = page.context["acts"]
    assert len(acts.every) > 4
    assert len(labels(acts.every, "on_phone")) == 3
    assert len(labels(acts.every, "on_desk")) >= 3
    html = page.content.decode()
    menu = html[html.index("rec-m") : html.index("</details>", html.index("rec-m"))]
    for act in acts.menu:
        assert act.address in menu
        assert bool(act.folded) == (act.on_desk or act.on_phone)
    for act in acts.beside:
        assert re.search(rf'(hx-get|href|action)="{re.escape(act.address)}"', html.replace(menu, ""))


def test_few_acts_need_no_menu():
    acts = Acts((Act("编辑", "pencil", "/x/", "change"), Act("删除", "trash", "/y/", "remove")))
    assert (acts.menu, len(acts.beside)) == ([], 2)
