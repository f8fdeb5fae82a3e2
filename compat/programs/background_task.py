"""A task handed over with .delay() to a task worker that listens on a websocket."""

import asyncio

from prefect import task
from prefect.task_worker import TaskWorker
from scenario import named, report


@task(name=named("background"), persist_result=True)
def background(x):
    return x * 2


async def main():
    worker = TaskWorker(background)
    serving = asyncio.create_task(worker.start())
    future = background.delay(21)
    await future.wait_async(timeout=60)
    value = await future.result_async(timeout=60)
    # The worker's own stop() ends only a worker that waits in the same call.
    serving.cancel()
    await asyncio.wait([serving])
    return value


report(returned=asyncio.run(main()))
