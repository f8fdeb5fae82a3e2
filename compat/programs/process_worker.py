"""A deployment in a process work pool, executed by a worker that polls once."""

import asyncio
import pathlib
import subprocess
import sys

from prefect import flow, get_client, task
from prefect.client.schemas.actions import WorkPoolCreate
from scenario import named, report

POOL = named("pool")


@task
def step(x):
    return x + 1


@flow(name=named("deployed"))
def deployed(x: int = 1):
    return step(x)


async def main():
    async with get_client() as client:
        await client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        flow_id = await client.create_flow(deployed)
        deployment_id = await client.create_deployment(
            flow_id,
            named("in-pool"),
            work_pool_name=POOL,
            path=str(pathlib.Path(__file__).resolve().parent),
            entrypoint="process_worker.py:deployed",
            parameters={"x": 2},
            tags=["from-deployment"],
        )
        run = await client.create_flow_run_from_deployment(deployment_id, parameters={"x": 5})
        prefect = pathlib.Path(sys.executable).with_name("prefect")
        worker = [prefect, "worker", "start", "--pool", POOL, "--type", "process"]
        subprocess.run([*worker, "--name", "compat", "--run-once"], check=True, stdout=sys.stderr)
        run = await client.read_flow_run(run.id)
        pool = await client.read_work_pool(POOL)
        workers = await client.read_workers_for_work_pool(POOL)
        return [run.state.name, run.parameters, bool(run.infrastructure_pid), pool.type, len(workers)]


if __name__ == "__main__":
    report(seen=asyncio.run(main()))
