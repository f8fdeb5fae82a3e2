"""Writes what Prefect's own checker says of the cases in recorded.json: run with a client's Python.

    compat/.venvs/3.8.8/bin/python compat/json-schema/record.py
"""

import json
import pathlib

from prefect.utilities.schema_tools import hydration, validation

FILE = pathlib.Path(__file__).with_name("recorded.json")


def errors_of(case):
    schema = validation.preprocess_schema(case["schema"])
    try:
        validation.is_valid_schema(schema, preprocess=False)
    except ValueError as error:
        return str(error)
    values = hydration.hydrate(case["values"], hydration.HydrationContext())
    return validation.build_error_obj(validation.validate(values, schema, preprocess=False))["errors"]


def complaint_of(case):
    context = hydration.HydrationContext(raise_on_error=True, render_jinja=True)
    try:
        validation.validate(hydration.hydrate(case["values"], context), case["schema"], raise_on_error=True)
    except (hydration.HydrationError, validation.ValidationError) as error:
        return str(error)
    except Exception:  # a schema that cannot be used: the server fails
        return "failed"


cases = json.loads(FILE.read_text())
for case in cases:
    case.update(errors=errors_of(case), complaint=complaint_of(case))
FILE.write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n")
