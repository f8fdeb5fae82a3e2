from prefect import flow, task
from prefect.runtime import task_run
from scenario import named, report


@task(retries=2, retry_delay_seconds=[1, 0])
def listed():
    if task_run.run_count < 3:
        raise ValueError(f"attempt {task_run.run_count}")
    return task_run.run_count


@task(retries=1, retry_delay_seconds=1)
def scalar():
    if task_run.run_count < 2:
        raise ValueError("first attempt")
    return task_run.run_count


@task(retries=1)
def hopeless():
    raise ValueError("every attempt")


@task(retries=3, retry_condition_fn=lambda task, task_run, state: False)
def refused():
    raise ValueError("not worth a retry")


def outcome(future):
    try:
        return future.result()
    except ValueError as error:
        return str(error)


@flow(name=named("retrying"))
def retrying():
    return [outcome(future) for future in [listed.submit(), scalar.submit(), hopeless.submit(), refused.submit()]]


report(returned=retrying())
