"""Writes what Prefect's own template engine makes of the templates in recorded.json: run with a client's Python.

    compat/.venvs/3.8.8/bin/python compat/templates/record.py
"""

import json
import logging
import pathlib

import jinja2
from prefect.server.utilities import user_templates

FILE = pathlib.Path(__file__).with_name("recorded.json")
logging.disable(logging.CRITICAL)


def outcome(template, context):
    try:
        user_templates.validate_user_template(template)
    except (jinja2.TemplateSyntaxError, user_templates.TemplateSecurityError) as error:
        return {"fault": str(error)}
    try:
        return {"text": user_templates.render_user_template_sync(template, context)}
    except user_templates.TemplateRenderError as error:
        return {"error": str(error)}


recorded = json.loads(FILE.read_text())
context = recorded["context"]
for case in recorded["cases"]:
    template = case["template"]
    case.clear()
    case.update(template=template, **outcome(template, context))
FILE.write_text(json.dumps(recorded, indent=2, ensure_ascii=False) + "\n")
