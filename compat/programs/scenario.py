"""What programs share: names that belong to one execution, the other language, and the summary on the last line of stdout."""

import json
import os
import subprocess

UNIQUE = os.environ["COMPAT_UNIQUE"]
GENERATION = int(os.environ["COMPAT_CLIENT"].split(".")[0])
# Where results are kept when no task says otherwise.
RESULTS = os.path.join(os.environ["PREFECT_HOME"], "storage")


def named(name):
    """A name no other execution uses; what a program leaves behind is found by it."""
    return f"{name}-{UNIQUE}"


def typescript(script, *arguments):
    """Starts a script of `typescript/` against the same server."""
    return subprocess.Popen(
        [os.environ["COMPAT_NODE"], os.path.join("..", "typescript", script), *arguments],
        env={**os.environ, "REEVE_API_URL": os.environ["PREFECT_API_URL"], "REEVE_LOGGING_LEVEL": "ERROR"},
        stdout=subprocess.PIPE,
        text=True,
    )


def report(**outcome):
    """Ends a program: what its own code saw, as one line of JSON."""
    print(json.dumps(outcome, sort_keys=True), flush=True)
