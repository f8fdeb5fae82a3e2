from prefect import flow, task
from prefect.events import emit_event
from scenario import named, report


@task(tags=["tagged"])
def emit_inside():
    emit_event(
        event="compat.inside",
        resource={"prefect.resource.id": named("compat.thing"), "prefect.resource.name": "thing"},
        related=[{"prefect.resource.id": named("compat.other"), "prefect.resource.role": "neighbour"}],
        payload={"n": 1, "nested": {"text": "x"}},
    )


@flow(name=named("events"))
def events():
    emit_event(event="compat.from-flow", resource={"prefect.resource.id": named("compat.flow-thing")})
    emit_inside()
    return "done"


report(returned=events())
