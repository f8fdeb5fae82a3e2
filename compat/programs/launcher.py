"""Runs programs in forks of a process that has imported the client once: importing it takes longer than most programs.

Each line on stdin is a job {"program", "unique", "output"}; the answer on stdout is {"unique", "code"}.
The program's stdout and stderr go to the files <output>.out and <output>.err.
"""

import contextlib
import importlib
import json
import os
import runpy
import signal
import sys
import threading

MODULES = """
    prefect prefect.artifacts prefect.blocks.system prefect.client.orchestration prefect.concurrency.sync
    prefect.deployments prefect.engine prefect.events prefect.input prefect.runner prefect.runtime
    prefect.task_runners prefect.task_worker prefect.variables
""".split()


def run(job):
    os.environ["COMPAT_UNIQUE"] = job["unique"]
    for number, name in [(1, "out"), (2, "err")]:
        os.dup2(os.open(f"{job['output']}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.argv = [job["program"]]
    runpy.run_path(job["program"], run_name="__main__")


def supervise(job):
    """In a fork of its own: forks again for the program, waits for it and tells how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if (program := os.fork()) == 0:
        run(job)
        return
    _, status = os.waitpid(program, 0)
    answer = {"unique": job["unique"], "code": os.waitstatus_to_exitcode(status)}
    os.write(1, (json.dumps(answer) + "\n").encode())
    os._exit(0)


for module in MODULES:
    with contextlib.suppress(ModuleNotFoundError):  # 2.20 has no task worker
        importlib.import_module(module)
assert threading.active_count() == 1, "a fork would lose the other threads"
# The supervisors are nobody's to wait for.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.write(1, b'{"ready": true}\n')
for line in iter(sys.stdin.readline, ""):
    if os.fork() == 0:
        supervise(json.loads(line))
        break
