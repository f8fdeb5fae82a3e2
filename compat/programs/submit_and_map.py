from prefect import flow, task
from scenario import named, report


@task(task_run_name="double-{x}")
def double(x):
    return x * 2


@task
def add(a, b):
    return a + b


@flow(name=named("numbers"))
def numbers(top: int = 3):
    first = double.submit(top)
    mapped = double.map([1, 2, 3])
    total = add.submit(first, mapped[0], wait_for=[mapped[2]])
    return [future.result() for future in mapped] + [total.result()]


report(returned=numbers(5))
