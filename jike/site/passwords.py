"""How passwords are hashed: Argon2id at a cost chosen for two cores and a small server.

Argon2id with 32 MiB, two passes and one lane is above what OWASP asks for (19 MiB, two passes) and takes about
100 ms of one busy core; Django's default of 100 MiB on eight lanes would let four simultaneous sign-ins take
more memory than the whole process is allowed.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher

__all__ = ["StaffPasswordHasher"]


class StaffPasswordHasher(Argon2PasswordHasher):
    """Argon2id: 32 MiB, two passes, one lane."""

    time_cost = 2
    memory_cost = 32 * 1024
    parallelism = 1
