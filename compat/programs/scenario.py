"""What every program shares: names that belong to one execution, and the summary on the last line of stdout."""

import json
import os

UNIQUE = os.environ["COMPAT_UNIQUE"]
GENERATION = int(os.environ["COMPAT_CLIENT"].split(".")[0])


def named(name):
    """A name no other execution uses; what a program leaves behind is found by it."""
    return f"{name}-{UNIQUE}"


def report(**outcome):
    """Ends a program: what its own code saw, as one line of JSON."""
    print(json.dumps(outcome, sort_keys=True), flush=True)
