from prefect import flow, task
from scenario import named, report


@task
def leaf(x):
    return x + 1


@flow(name=named("child"), flow_run_name="child-of-{x}")
def child(x):
    return leaf(x)


@flow(name=named("broken-child"))
def broken_child():
    raise RuntimeError("the child broke")


@flow(name=named("parent"), flow_run_name="the-parent")
def parent():
    value = leaf(0)
    first = child(value)
    second = child(first)
    failed = broken_child(return_state=True)
    return [first, second, failed.type.value]


report(returned=parent())
