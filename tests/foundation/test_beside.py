"""Pure work goes to a process beside this one while it is kept open, and is done here where there is none."""

import os
import signal
import subprocess
import sys

import psutil

from jike.foundation.beside import ask, helped, helping

KILLED = """
import os, signal
from jike.foundation.beside import ask, helped
if __name__ == "__main__":
    with helped():
        print(ask(os.getpid)(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_work_is_done_by_another_process_while_it_is_kept_open_and_else_by_this_one():
    assert ask(os.getpid)() == os.getpid()
    with helped(), helped():
        other = ask(os.getpid)()
        assert (other != os.getpid(), helping()) == (True, True)
        assert ask(os.getpid)() == other
    assert not helping()
    with helped(by_another=False):
        assert ask(os.getpid)() == os.getpid()


def test_what_a_helper_that_died_was_asked_is_done_without_it():
    with helped():
        os.kill(ask(os.getpid)(), signal.SIGKILL)
        asked = [ask(os.getpid) for _ in range(3)]
        assert [answer() for answer in asked] == [os.getpid()] * 3


def test_a_helper_ends_with_the_process_that_was_killed(tmp_path):
    program = tmp_path / "killed.py"
    program.write_text(KILLED, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        number = int(running.stdout.readline())
        running.wait(30)
    assert running.returncode == -signal.SIGKILL
    if psutil.pid_exists(number):
        psutil.Process(number).wait(30)
