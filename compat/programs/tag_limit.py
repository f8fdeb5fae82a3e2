import asyncio
import time

from prefect import flow, get_client, task
from scenario import named, report

inside = []
most = []


@task(tags=[named("limited")], task_run_name="alone-{x}")
def alone(x):
    inside.append(x)
    most.append(len(inside))
    time.sleep(0.3)
    inside.remove(x)
    return x


@flow(name=named("tag-limit"))
def tag_limit():
    return sorted(future.result() for future in [alone.submit(1), alone.submit(2)])


async def limit():
    async with get_client() as client:
        await client.create_concurrency_limit(tag=named("limited"), concurrency_limit=1)


async def slots_left():
    async with get_client() as client:
        found = await client.read_concurrency_limit_by_tag(named("limited"))
        return len(found.active_slots)


asyncio.run(limit())
report(returned=tag_limit(), most_at_once=max(most), slots_left=asyncio.run(slots_left()))
