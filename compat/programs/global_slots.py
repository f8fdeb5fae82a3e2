import asyncio
import time

from prefect import flow, get_client, task
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate
from prefect.concurrency.sync import concurrency
from scenario import named, report

inside = []
most = []


@task(task_run_name="guarded-{x}")
def guarded(x):
    with concurrency(named("slots"), occupy=1):
        inside.append(x)
        most.append(len(inside))
        time.sleep(0.2)
        inside.remove(x)
    return x


@flow(name=named("global-slots"))
def global_slots():
    return sorted(future.result() for future in [guarded.submit(1), guarded.submit(2)])


async def limit():
    async with get_client() as client:
        await client.create_global_concurrency_limit(GlobalConcurrencyLimitCreate(name=named("slots"), limit=1))


async def slots_left():
    async with get_client() as client:
        return (await client.read_global_concurrency_limit_by_name(named("slots"))).active_slots


asyncio.run(limit())
report(returned=global_slots(), most_at_once=max(most), slots_left=asyncio.run(slots_left()))
