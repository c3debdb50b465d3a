"""What no file of the project may hold: addresses of package hosts and paths of one particular machine."""

import re
from collections.abc import Iterator

from tests.house.rules.rule import Fault, Rule
from tests.house.tree import Source

HOSTS = re.compile(
    r"pypi[.](?:org|io)|pythonhosted[.]org|registry[.](?:npmjs|yarnpkg)[.]|npmmirror[.]com|deb[.]debian[.]org|"
    r"security[.]debian[.]org|archive[.]ubuntu[.]com|--(?:extra-)?index[-]url|--find[-]links|\"resolved[\"]:",
    re.I,
)
MACHINE_PATHS = re.compile(r"(?<![\w.~}])/(?:work|root|home|Users|opt/[a-z]+|tmp/[A-Za-z])(?:/|\b(?![-_.]))")


def package_hosts(source: Source) -> Iterator[Fault]:
    for number, line in enumerate(source.lines, 1):
        if HOSTS.search(line):
            yield Fault(
                source.path,
                number,
                "names a package host; packages are named, their place is the reader's setting",
            )


def machine_paths(source: Source) -> Iterator[Fault]:
    for number, line in enumerate(source.lines, 1):
        if found := MACHINE_PATHS.search(line):
            yield Fault(source.path, number, f"names {found.group()}, a path of one particular machine")


RULES = (
    Rule(
        name="package-hosts",
        says="No file names a package registry or mirror.",
        check=package_hosts,
        good=[
            ("requirements/dev.txt", "django==5.2.1 \\\n    --hash=sha256:ab"),
            ("a.md", "PyPI, npm and Debian"),
        ],
        bad=[
            ("requirements/dev.txt", "--index" + "-url https://example.com/simple"),
            ("package-lock.json", '"resol' + 'ved": "https://example.com/a.tgz"'),
            ("README.md", "https://pypi" + ".org/project/jike"),
            (".ci/run", "npm config set registry https://registry" + ".npmjs.org"),
        ],
    ),
    Rule(
        name="machine-paths",
        says="No file names a path that exists on one machine only.",
        check=machine_paths,
        good=[
            ("a.py", "'~/home/x', '/workplans/', 'http://h/homes', '/home-page', 'a/wo'" + "rk/b'"),
            ("b.py", "'/tm" + "p'"),
        ],
        bad=[
            ("a.py", "'/wo" + "rk/main'"),
            ("a.md", "see /ro" + "ot/x"),
            ("a.md", "/ho" + "me/wang/jike"),
            ("a.py", "'/tm" + "p/x'"),
        ],
    ),
)
