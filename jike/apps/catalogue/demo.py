"""The demo's catalogue is the ready-made one."""

from collections.abc import Callable

from jike.apps.catalogue.actions import install_ready_made
from jike.apps.catalogue.rules.ready_made import OFFERINGS
from jike.foundation.demo import Step
from jike.foundation.scope import system_actor

__all__ = ["steps"]


def steps(scale: str) -> list[Step]:
    """Return the only step: at every scale the same catalogue."""
    return [Step("offerings", "产品目录", len(OFFERINGS), _install)]


def _install(advance: Callable[[int], None]) -> None:
    advance(install_ready_made(actor=system_actor("演示数据")))
