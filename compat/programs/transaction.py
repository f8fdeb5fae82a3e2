from prefect import flow, task
from prefect.transactions import transaction
from scenario import named, report

undone = []


@task
def write(name):
    return name


@write.on_rollback
def undo(txn):
    undone.append(txn.state.value)


@flow(name=named("transaction"))
def in_transaction():
    with transaction():
        write("first")
        write("second")
        raise RuntimeError("after both")


state = in_transaction(return_state=True)
report(state=state.type.value, undone=undone)
