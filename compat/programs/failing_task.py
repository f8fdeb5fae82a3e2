from prefect import flow, task
from scenario import named, report


@task
def broken():
    raise RuntimeError("the task broke")


@task
def after(value):
    return value


@flow(name=named("with-failing-task"))
def with_failing_task():
    failed = broken.submit()
    return after.submit(failed)


state = with_failing_task(return_state=True)
report(state=state.type.value, name=state.name, message=state.message)
