"""The scheduler gives a deployment with a daily schedule its next runs."""

import asyncio
import datetime

from prefect import flow, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId
from prefect.client.schemas.schedules import IntervalSchedule
from scenario import named, report


@flow(name=named("scheduled"))
def scheduled(x: int = 1):
    return x


async def main():
    daily = DeploymentScheduleCreate(schedule=IntervalSchedule(interval=datetime.timedelta(days=1)), active=True)
    async with get_client() as client:
        deployment_id = await client.create_deployment(
            await client.create_flow(scheduled), named("daily"), schedules=[daily], tags=["planned"]
        )
        of_deployment = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[deployment_id]))
        while not (runs := await client.read_flow_runs(flow_run_filter=of_deployment)):
            await asyncio.sleep(0.2)
        times = sorted(run.expected_start_time for run in runs)
        return [(later - earlier).total_seconds() for earlier, later in zip(times, times[1:])]


if __name__ == "__main__":
    report(between=asyncio.run(main()))
