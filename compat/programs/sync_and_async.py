import asyncio

from prefect import flow, task
from scenario import named, report


@task(task_run_name="later-{x}")
async def later(x):
    await asyncio.sleep(0)
    return x + 1


@task
def sooner(x):
    return x * 10


@flow(name=named("sync-child"))
def sync_child(x):
    return sooner(x)


@flow(name=named("async-parent"))
async def async_parent():
    values = await asyncio.gather(later(1), later(2))
    return values + [sync_child(3)]


report(returned=asyncio.run(async_parent()))
