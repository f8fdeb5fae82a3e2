from prefect import flow
from prefect.variables import Variable
from scenario import GENERATION, UNIQUE, named, report

NAME = f"variable_{UNIQUE}"


def plain(found):
    return found.value if GENERATION < 3 else found


@flow(name=named("variables"))
def variables():
    missing = Variable.get(NAME, default="none yet")
    Variable.set(NAME, "first", tags=["a", "b"])
    kept = plain(Variable.get(NAME))
    Variable.set(NAME, "second", overwrite=True)
    return [missing, kept, plain(Variable.get(NAME))]


report(returned=variables())
