from prefect import flow, task
from scenario import named, report


@task
def fine():
    return 1


@flow(name=named("failing-flow"))
def failing_flow():
    fine()
    raise RuntimeError("the flow broke")


state = failing_flow(return_state=True)
report(state=state.type.value, name=state.name, message=state.message)
