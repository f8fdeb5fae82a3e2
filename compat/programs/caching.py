from datetime import timedelta

from prefect import flow, task
from scenario import named, report

calls = []


@task(
    cache_key_fn=lambda context, parameters: named(f"key-{parameters['x']}"),
    cache_expiration=timedelta(hours=1),
    persist_result=True,
)
def costly(x):
    calls.append(x)
    return x * x


@task(
    cache_key_fn=lambda context, parameters: named("refreshed"),
    refresh_cache=True,
    persist_result=True,
)
def refreshed():
    calls.append("refreshed")
    return len(calls)


@flow(name=named("caching"))
def caching():
    return [costly(2), costly(2), costly(3), refreshed()]


report(returned=[caching(), caching()], calls=calls)
