import time

from prefect import flow, task
from scenario import named, report


@task(timeout_seconds=0.5)
def slow_task():
    time.sleep(5)


@flow(name=named("with-slow-task"))
def with_slow_task():
    return slow_task(return_state=True)


@flow(name=named("slow-flow"), timeout_seconds=0.5)
def slow_flow():
    time.sleep(5)


states = [with_slow_task(return_state=True), slow_flow(return_state=True)]
report(states=[f"{state.type.value} {state.name}" for state in states])
