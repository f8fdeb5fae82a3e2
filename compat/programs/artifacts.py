from prefect import flow, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from scenario import GENERATION, named, report


@task
def tabulate():
    create_table_artifact([{"a": 1, "b": None}], key=named("table"), description="rows")


@flow(name=named("artifacts"))
def artifacts():
    create_markdown_artifact("# one", key=named("note"))
    create_markdown_artifact("# two", key=named("note"))
    create_link_artifact("https://example.com", link_text="example")
    tabulate()
    if GENERATION >= 3:
        from prefect.artifacts import create_progress_artifact, update_progress_artifact

        progress = create_progress_artifact(10.0, key=named("progress"))
        update_progress_artifact(progress, progress=55.0)
    return "done"


report(returned=artifacts())
