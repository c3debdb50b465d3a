"""Numbers that people see on records, from a sequence of their own: each is given out once, even if then not used."""

from django.db import connection

__all__ = ["next_number", "next_numbers"]


def next_number(sequence: str) -> int:
    """Return the next number of ``sequence``."""
    return next_numbers(sequence, 1)[0]


def next_numbers(sequence: str, count: int) -> list[int]:
    """Return the next ``count`` numbers of ``sequence``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return [number for (number,) in cursor.fetchall()]
