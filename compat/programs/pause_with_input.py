import asyncio
import threading

from prefect import flow, get_client, pause_flow_run, task
from prefect.runtime import flow_run
from scenario import named, report


async def resume_when_paused(flow_run_id):
    async with get_client() as client:
        while not (await client.read_flow_run(flow_run_id)).state.is_paused():
            await asyncio.sleep(0.1)
        await client.resume_flow_run(flow_run_id, run_input={"value": "not a number"})
        await client.resume_flow_run(flow_run_id, run_input={"value": 41})


@task
def before():
    return 1


@flow(name=named("paused"))
def paused():
    before()
    threading.Thread(target=lambda: asyncio.run(resume_when_paused(flow_run.id))).start()
    value = pause_flow_run(wait_for_input=int, timeout=60, poll_interval=1)
    return value + before()


report(returned=paused())
