from prefect import flow, task
from prefect.runtime import flow_run
from scenario import named, report


@task
def attempt(number):
    return number


@flow(name=named("flow-retries"), retries=2, retry_delay_seconds=1)
def flow_retries():
    attempt(flow_run.run_count)
    if flow_run.run_count < 2:
        raise RuntimeError("first attempt")
    return flow_run.run_count


report(returned=flow_retries())
