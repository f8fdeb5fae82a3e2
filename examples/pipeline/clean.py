"""The Python half of the pipeline: a Prefect flow that cleans measurements and hands them on by a variable."""

import json
import sys

from prefect import flow, get_run_logger, task
from prefect.variables import Variable


@task(retries=2)
def parse(line: str) -> float | None:
    try:
        return float(line)
    except ValueError:
        return None


@flow(name="clean")
def clean(lines: list[str], variable: str) -> int:
    values = [value for value in parse.map(lines).result() if value is not None]
    get_run_logger().info("kept %s of %s", len(values), len(lines))
    Variable.set(variable, values, overwrite=True)
    return len(values)


if __name__ == "__main__":
    clean(json.loads(sys.argv[1]), sys.argv[2])
