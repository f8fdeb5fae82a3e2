"""A deployment served by this very process, run through the API and waited for; a second run is cancelled."""

import asyncio
import inspect
import os
import pathlib
import time

from prefect import flow, get_client
from prefect.deployments import run_deployment
from prefect.runner import Runner
from prefect.states import Cancelling
from scenario import named, report

STARTED = pathlib.Path(os.environ["PREFECT_HOME"], named("started"))


@flow(name=named("served"))
def served(seconds: float = 0):
    STARTED.touch()
    time.sleep(seconds)
    return seconds


async def finished(client, flow_run_id):
    while not (run := await client.read_flow_run(flow_run_id)).state.is_final():
        await asyncio.sleep(0.2)
    return run


async def main():
    runner = Runner(name=named("here"), query_seconds=1, pause_on_shutdown=False)
    deployment_id = await runner.add_flow(served, name=named("here"))
    serving = asyncio.create_task(runner.start())
    async with get_client() as client:
        first = await run_deployment(deployment_id, timeout=0)
        first = await finished(client, first.id)
        STARTED.unlink()
        second = await run_deployment(deployment_id, parameters={"seconds": 60}, timeout=0)
        while not STARTED.exists():
            await asyncio.sleep(0.2)
        answer = await client.set_flow_run_state(second.id, Cancelling())
        second = await finished(client, second.id)
    stopping = runner.stop()
    if inspect.isawaitable(stopping):
        await stopping
    await serving
    return [first.state.name, answer.status.value, second.state.name]


if __name__ == "__main__":
    report(seen=asyncio.run(main()))
