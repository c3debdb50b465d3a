"""What can go wrong with the database before the first query, told as a sentence that says what to do."""

from pathlib import Path


class DatabaseError(Exception):
    """The database can't be used; the message says why and what the operator can do."""


# What PostgreSQL or the system says → what the operator is told; {place} is the data folder.
CAUSES = (
    ("No space left on device", "The disk that holds {place} is full: free some space and start again."),
    ("Disk quota exceeded", "The disk quota of {place} is used up: free some space and start again."),
    ("Read-only file system", "{place} lies on a disk that can't be written to: name another JIKE_HOME."),
    ("Address already in use", "Another program uses the server's socket: stop it, or set XDG_RUNTIME_DIR."),
    ("Is another postmaster", "Another PostgreSQL already works on {place}: stop it, then start again."),
    (
        "pre-existing shared memory",
        "Processes of an earlier PostgreSQL still use {place}: end them (ps, kill).",
    ),
    (
        "incompatible with server",
        "{place} was made by another version of PostgreSQL: restore a backup instead.",
    ),
    (
        "Cannot allocate memory",
        "There is not enough memory to start PostgreSQL: end other programs, or add memory.",
    ),
    ("Permission denied", "PostgreSQL may not use {place} or a file in it: check who owns it (ls -l)."),
    ("Operation not permitted", "PostgreSQL may not use {place} or a file in it: check who owns it (ls -l)."),
    (
        "invalid locale",
        "This system lacks the locale C.UTF-8, which PostgreSQL needs: install it (Debian: libc-bin).",
    ),
)


def sentence_about(told: str, place: Path) -> str:
    """The operator's sentence for what PostgreSQL `told`, which is quoted at its end."""
    last = " / ".join(line.strip() for line in told.strip().splitlines()[-4:])
    for sign, sentence in CAUSES:
        if sign in told:
            return f"{sentence.format(place=place)} ({last})"
    return f"PostgreSQL did not start on {place}; it said: {last or 'nothing'}"
