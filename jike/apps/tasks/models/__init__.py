"""Tasks."""

from jike.apps.tasks.models.task import Task

__all__ = ["Task"]
