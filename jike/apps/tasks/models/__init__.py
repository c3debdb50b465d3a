"""What is stored of tasks."""

from jike.apps.tasks.models.task import Task

__all__ = ["Task"]
